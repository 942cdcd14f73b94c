/** What all charts say beside their own words. */
export const chartTexts = {
  showNumbers: "Show numbers",
  hideNumbers: "Hide numbers",
  numbersOf: (title: string) => `${title} in numbers`,
  time: "Time",
};
