/** What a timeline would fill in, left out of the definition instead. */

export class Absent {
  readonly kind = "absent";
}

/**
 * Leaves a field out of the definition that would else be filled in from the timeline, so that the engine's own default
 * holds: a step is handed `{ input, steps }`, a child null, and an execution gives the outputs of its last steps by name.
 *
 *     workflow("report").timeline(gather.with(absent), child("print", { input: absent })).output(absent)
 */
export const absent: Absent = new Absent();
