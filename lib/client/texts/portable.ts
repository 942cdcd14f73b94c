/** The texts of portable files: opening one, what its signature says, and why a file is none. */
import { bytes, count, number } from "../format";

export const portableTexts = {
  save: "Save as a file",
  saving: "Making the file",
  saved: "The file is saved. It opens in any browser, without a server.",
  saveHistory: "Save the history (JSON)",
  saveHistoryHint: "What cerebelum-verify reads",

  open: {
    title: "Open a file",
    drop: "Drop a file here",
    lead: "An execution that was saved as a file (.html), or its exported history (.json). It is read in this page and sent nowhere.",
    choose: "Choose a file",
    reading: (name: string, size: number) => `Reading ${name} (${bytes(size)})`,
    another: "Open another file",
    where:
      "Files come from an execution’s page, by Save as a file, or from GET /api/v1/executions/{id}/file and /export.",
    failed: (name: string) => `${name} cannot be shown`,
    dropHere: "Let go to open the file",
  },

  viewer: {
    label: "About this file",
    product: "Cerebelum",
    fromFile: "From a file",
    madeAt: (at: string) => `as of ${at}`,
    dark: "Dark",
    light: "Light",
    theme: "Change the theme",
    opening: "Opening the history",
    failed: "This file cannot be shown",
    details: "What was checked",
    close: "Close the file",
  },

  verdict: {
    checking: "Checking the signature",
    holds: (isKnown: boolean) =>
      isKnown
        ? "Unchanged since this installation signed it"
        : "Unchanged since it was signed, by a key that came with the file",
    unsigned: "Its events belong together; no signature covers all of them",
    changed: "Changed: this is not the history that was recorded",
    uncheckable: "The signature cannot be checked in this browser",
    title: "What was checked",
    explained: {
      holds:
        "Each event is chained to the one before it, and the end of the chain is signed. All of it was computed again from this file.",
      unsigned:
        "Each event is chained to the one before it, and the chain was computed again from this file. The end of a history is signed when its execution closes.",
      changed: "What this file says does not lead to what was recorded and signed.",
      uncheckable:
        "It needs Ed25519, which current browsers have on pages that are served over HTTPS or opened from disk. cerebelum-verify checks the saved history without a browser.",
    },
    ownKey: "The key came from the file itself. Compare its fingerprint with one that you know, or this proves little.",
    fingerprint: "Fingerprint of the key",
    copyFingerprint: "Copy the fingerprint",
    signedAt: "Signed at event",
    events: "Events",
    problems: "What is wrong",
    problem: {
      end: (expected: number, found: number) =>
        `The history should end at event ${number(expected)}, and has ${count(found, "event")}.`,
      head: "The chain over the events leads elsewhere: an event was changed.",
      valueChanged: (hash: string) => `The large value ${hash.slice(0, 12)}… was changed.`,
      valueMissing: (hash: string) => `The large value ${hash.slice(0, 12)}… is not in the file.`,
      signature: (sequence: number) => `The signature at event ${number(sequence)} does not hold.`,
      uncovered: (signed: number, events: number) =>
        `Only events up to ${number(signed)} of ${number(events)} are signed: what follows was not closed yet.`,
      more: (rest: number) => `And ${number(rest)} more.`,
    },
  },

  refusals: {
    other: "It holds no history: it is neither an execution saved as a file nor an export.",
    several: "It holds more than one history: somebody changed it.",
    cut: "It was cut off on its way here. Save or copy it once more.",
    newer: (format: number) => `It is in format ${format}, and this page reads format 1. Open it in a newer Cerebelum.`,
    parts: "Parts of the history are missing, or are not what they should be.",
    gaps: "Events are missing in the middle of the history.",
    unreadable: "The browser could not read it. Choose it once more.",
  },
};
