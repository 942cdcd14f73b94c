/** The texts of the frame around all rooms: the palette, the sheet of keys, the numbers beside the rooms. */
import { count } from "../format";

export const shellTexts = {
  breadcrumbs: "Where this page is",
  /** Read out behind a room's name. */
  pending: (n: number, orMore: boolean) => `${count(n, "pending approval")}${orMore ? " or more" : ""}`,
  failures: (n: number, orMore: boolean) => `${count(n, "open dead letter")}${orMore ? " or more" : ""}`,
  keys: {
    title: "Keys",
    hint: "What works on this page now. Keys rest while you type.",
    palette: "Find or do",
    show: "Show these keys",
    everywhere: "Everywhere",
    goTo: "Go to",
    then: "then",
  },
  palette: {
    title: "Find or do",
    open: "Search",
    placeholder: "Go to a room, find an execution, do something",
    listLabel: "Rooms, executions and actions",
    searching: "Searching",
    help: "Arrows choose, Enter goes, Esc leaves",
    none: (text: string) => `Nothing found for “${text}”.`,
    failed: "The search did not get an answer. Try again.",
    recent: "Recent executions",
    rooms: "Rooms",
    settings: "Settings",
    workflows: "Workflows",
    executions: "Executions",
    actions: "Actions",
    start: "Start an execution",
    startOf: (workflow: string) => `Start ${workflow}`,
    theme: (name: string) => `Theme: ${name}`,
    copyLink: "Copy a link to this page",
    linkCopied: "Link copied",
    linkNotCopied: "The browser did not allow copying. Copy the address from its bar.",
    signOut: "Sign out",
    keys: "Show keys",
  },
};
