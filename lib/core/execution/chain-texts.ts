/** The texts that hash chains begin with and that signatures are over; whoever checks a history anywhere makes the same. */

/** What the head before the first event is the SHA-256 of. @param executionId its public id */
export function firstLinkText(executionId: string): string {
  return `cerebelum history ${executionId}`;
}

/** The end of a history when its execution closed. */
export interface ClosedHead {
  /** Its public id. */
  executionId: string;
  namespaceId: number;
  /** Of the last event. */
  sequence: number;
  /** Of the chain up to that event, in hex. */
  head: string;
}

/** The text that is signed, in version 1. Nothing in it can be taken for something else: no member holds a line break. */
export function signedText({ executionId, namespaceId, sequence, head }: ClosedHead): string {
  return [
    "cerebelum history signature 1",
    `execution ${executionId}`,
    `namespace ${namespaceId}`,
    `sequence ${sequence}`,
    `head ${head}`,
    "",
  ].join("\n");
}
