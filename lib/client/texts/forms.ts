/** The texts of forms that are made from JSON Schema. */
export const formTexts = {
  choose: "Choose",
  listHint: "One a line.",
  jsonHint: "JSON.",
  notJson: (why: string) => `This is not JSON: ${why}`,
  asForm: "Form",
  asJson: "JSON",
  shape: "How to fill it in",
  yes: "Yes",
  noFields: "Nothing is asked for.",
};
