/** Why something that one did in a trial was not done. */
import { trialTexts } from "@/lib/client/texts/editor-trial";
import type { Refusal } from "@/lib/editor/trial/trial-run";

const words = trialTexts.refusals;

export function refusalText(refusal: Refusal): string {
  switch (refusal) {
    case "gone":
    case "waits-for-key":
    case "invalid-data":
    case "too-large":
    case "closed":
      return words[refusal];
    default:
      return words.other(refusal);
  }
}
