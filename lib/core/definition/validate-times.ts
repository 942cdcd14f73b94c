/** What validation says about durations: of retries, timeouts, polls, sleeps and waits. */
import type { Duration, Poll, RetryPolicy, TaskTimeout } from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import { parseDuration } from "../durations";
import { at, error, type Place } from "./place";

export function checkRetry(place: Place, retry: RetryPolicy | undefined): Finding[] {
  if (retry === undefined) return [];
  const { initialInterval, maxInterval } = retry;
  const durations = [
    ...(initialInterval === undefined ? [] : checkDuration(at(place, "/initialInterval"), initialInterval)),
    ...(maxInterval === undefined ? [] : checkDuration(at(place, "/maxInterval"), maxInterval)),
  ];
  if (durations.length > 0 || initialInterval === undefined || maxInterval === undefined) return durations;
  if ((parseDuration(initialInterval) ?? 0) <= (parseDuration(maxInterval) ?? 0)) return [];
  return [error("RETRY_OUT_OF_BOUNDS", at(place, "/initialInterval"), "Make initialInterval at most maxInterval.")];
}

export function checkTimeouts(place: Place, timeouts: TaskTimeout | undefined): Finding[] {
  return Object.entries(timeouts ?? {}).flatMap(([name, timeout]) => checkTimeout(at(place, `/${name}`), timeout));
}

export function checkTimeout(place: Place, timeout: Duration | undefined): Finding[] {
  if (timeout === undefined) return [];
  if (parseDuration(timeout) !== 0) return checkDuration(place, timeout);
  return [error("TIMEOUT_OUT_OF_BOUNDS", place, "Make the timeout longer than 0, or leave it out for none.")];
}

export function checkPoll(place: Place, poll: Poll | undefined): Finding[] {
  if (poll === undefined) return [];
  return [
    ...checkInterval(at(place, "/interval"), poll.interval),
    ...checkTimeout(at(place, "/timeout"), poll.timeout),
  ];
}

function checkInterval(place: Place, interval: Duration | undefined): Finding[] {
  if (interval === undefined) return [];
  if (parseDuration(interval) !== 0) return checkDuration(place, interval);
  return [
    error("POLL_OUT_OF_BOUNDS", place, "Make the interval longer than 0: no round may follow on the heels of another."),
  ];
}

export function checkDuration(place: Place, duration: Duration): Finding[] {
  if (parseDuration(duration) !== null) return [];
  const message = `Write ${JSON.stringify(duration)} as a duration: 250ms, 90s, 15m, 36h, 7d, PT15M or whole milliseconds, at most 100 years.`;
  return [error("BAD_DURATION", place, message)];
}
