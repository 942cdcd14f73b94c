/** A chain of trivial steps. */
import { step, workflow } from "../worker-sdk/src/index";

export function w1(length: number) {
  const steps = Array.from({ length }, (_, i) => step(`s${i + 1}`, () => ({ ok: true })));
  return workflow("w1").timeline(...steps);
}
