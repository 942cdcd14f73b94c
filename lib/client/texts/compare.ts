/** The texts of the page that compares two executions: this one, and the one that it is compared with. */
import { count, duration, number } from "../format";

export const compareTexts = {
  title: "Compare",
  action: "Compare",
  thisOne: "This one",
  other: "Compared with",
  chosenBefore: "The last that completed before this one",
  chosenNewest: "The newest that completed; none did before this one",
  choose: "Choose another",
  swap: "Swap the two",
  open: "Open",
  none: "Nothing to compare with",
  noneLead: "No other execution of this workflow has completed. Choose one by its id or key.",
  loading: (loaded: number, total: number) => `Reading the histories: ${number(loaded)} of ${number(total)} events`,

  picker: {
    title: "Compare with",
    description: "Executions of the same workflow, newest first. Any other can be given by its id or key.",
    find: "Id or key",
    go: "Compare",
    empty: "No other execution of this workflow begins like that.",
    label: "Executions of this workflow",
  },

  sentence: {
    same: "Both went the same way.",
    missing: (step: string, isHere: boolean) =>
      isHere ? `They part at ${step}: only this one came to it.` : `They part at ${step}: this one never came to it.`,
    status: (step: string, here: string, there: string, why: string | null) =>
      `They part at ${step}: ${here.toLowerCase()} here${why ? ` (${why})` : ""}, ${there.toLowerCase()} there.`,
    port: (step: string, here: string, there: string) =>
      `They part at ${step}: it left by ${here} here, by ${there} there.`,
    error: (step: string, here: string, there: string) =>
      `They part at ${step}: it failed with ${here} here, with ${there} there.`,
    input: (step: string) => `They part at ${step}: after the same steps, it was given another input.`,
    output: (step: string) => `They part at ${step}: the same input gave another output.`,
    inputs: (places: number, isCut: boolean) =>
      `Their inputs differ in ${isCut ? "more than " : ""}${count(places, "place")}.`,
    sameInputs: "Their inputs are the same.",
    slower: (ms: number, ratio: number) =>
      `This one took ${duration(ms)} longer${ratio >= 1.2 ? ` (${ratio.toFixed(1)}×)` : ""}.`,
    faster: (ms: number) => `This one was ${duration(ms)} faster.`,
    mostOf: (step: string, ms: number) => `${step} accounts for ${duration(ms)} of it.`,
  },

  definition: {
    differs: (here: number, there: number) => `Version ${here} here, version ${there} there.`,
    same: "What they define is the same.",
    added: (ids: readonly string[]) => `Only in this version: ${ids.join(", ")}.`,
    removed: (ids: readonly string[]) => `Only in the other: ${ids.join(", ")}.`,
    changed: (ids: readonly string[]) => `Changed: ${ids.join(", ")}.`,
    elsewhere: "Edges, defaults or schemas differ too.",
    otherWorkflow: (here: string, there: string) => `They are of different workflows: ${here} and ${there}.`,
  },

  filters: {
    label: "Which steps",
    all: "All",
    different: "Different",
    slower: "Slower here",
    find: "Find a step",
    noMatch: "No step is like that.",
    noDifference: "No step differs.",
    noSlower: "No step took notably longer here: half as long again, and at least 100 ms.",
  },

  list: {
    label: "Steps side by side",
    step: "Step",
    here: "This one",
    there: "Compared",
    delta: "Difference",
    time: "This above, other below",
    missing: "Not there",
  },

  difference: {
    missing: "in one only",
    status: "status",
    port: "port",
    error: "error",
    input: "input",
    output: "output",
    attempts: "attempts",
  },

  detail: {
    label: "Differences of the step",
    execution: "Both executions",
    close: "Close",
    total: "Took",
    queued: "Queued",
    ran: "Ran",
    attempts: "Attempts",
    status: "Status",
    port: "Port",
    input: "Input",
    output: "Output",
    error: "Error",
    same: "The same",
    neither: "Neither has one",
    large: "Large values are kept beside the histories, and are compared whole: they differ.",
    added: "only there",
    removed: "only here",
    changed: "differs",
    whole: "the whole value",
    cut: (shown: number) => `The first ${number(shown)} differences are shown.`,
    here: "here",
    there: "there",
  },
};
