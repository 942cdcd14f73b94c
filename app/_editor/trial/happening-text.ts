/** What happens next in a trial, in words. */
import { duration } from "@/lib/client/format";
import { trialTexts as words } from "@/lib/client/texts/editor-trial";
import { placeName } from "@/lib/contract/trial-path";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import { toInstant } from "@/lib/core/time";
import type { Happening, TrialRun } from "@/lib/editor/trial/trial-run";

/** Null: nothing happens by itself. */
export function nextText(run: TrialRun): string | null {
  const { next, clock } = run;
  if (next === null) return null;
  const inMs = next.at - clock;
  return words.nextAt(happeningText(run, next.what, next.at), inMs <= 0 ? "" : duration(inMs));
}

function happeningText(run: TrialRun, what: Happening, at: number): string {
  switch (what.kind) {
    case "answer":
    case "expiry": {
      const place = placeName(what.thing.asked.node, what.thing.asked.index);
      if (what.kind === "expiry") return words.happens.expiry(place);
      if (what.thing.kind === "approval") return words.happens.decision(place);
      return what.thing.kind === "child" ? words.happens.child(place) : words.happens.answer(place);
    }
    case "signal":
      return words.happens.signal(what.signal);
    case "cancel":
      return words.happens.cancel;
    case "wake":
      return wakeText(run, at);
  }
}

function wakeText({ state }: TrialRun, at: number): string {
  const until = toInstant(at);
  const wait = waitingFor(state).find((entry) => entry.until === until);
  if (wait === undefined) return words.happens.wake;
  const place = placeName(wait.node, wait.index);
  switch (wait.kind) {
    case "sleep":
      return words.happens.sleep(place);
    case "retry":
      return words.happens.retry(place);
    case "poll":
      return words.happens.poll(place);
    case "approval":
    case "signal":
      return words.happens.expires(place);
    default:
      return words.happens.expiry(place);
  }
}

/** How long it is until then on the trial's clock. */
export function happeningTimeOf({ clock }: TrialRun, instant: string): string {
  return duration(Math.max(0, Date.parse(instant) - clock));
}
