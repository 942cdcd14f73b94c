/** What the scrubber, the moment that is shown and the list of events say. */
import { count, duration, number } from "../format";

export const momentTexts = {
  label: "Moment of this execution",
  /** For whoever hears the slider and does not see it. */
  valueText: (at: number, total: number, said: string, clock: string) =>
    `Event ${number(at)} of ${number(total)}: ${said}, ${clock}`,
  now: (said: string) => `Now. ${said}`,
  empty: "No event yet",
  event: (at: number, total: number) => `Event ${number(at)} of ${number(total)}`,
  events: (total: number) => count(total, "event"),
  since: (ms: number) => `${duration(ms)} after the start`,
  backToNow: "Back to now",
  play: "Play the history",
  pause: "Pause",
  stepBack: "One event back",
  stepOn: "One event on",
  markBack: "To the failure, retry, wait or decision before",
  markOn: "To the next failure, retry, wait or decision",
  first: "To the first event",
  speed: (speed: number) => `Speed ${speedText(speed)}`,
  speedText,
  keys: "Time travel",
  neighbours: "Executions beside this one",
  above: "The one above in the list",
  below: "The one below in the list",
  later: "Not yet happened at the shown moment",
  goTo: "Show this moment",
};

export const eventListTexts = {
  asEvents: "Events",
  asSteps: "By step",
  layout: "Layout of the list",
  onlyStep: (key: string) => `Only ${key}`,
  copyAll: "Copy as JSON",
  group: (key: string, n: number) => `${key}, ${count(n, "event")}`,
  noneOfStep: "This step has no event of this kind.",
};

/** `1×`, `½×`, `50×`. */
function speedText(speed: number): string {
  return `${{ 0.1: "⅒", 0.25: "¼", 0.5: "½" }[speed] ?? number(speed)}×`;
}
