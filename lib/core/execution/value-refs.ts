/** The large values that an event refers to. */
import type { HistoryEvent, ValueRef } from "../../contract/history";

/** Their hashes. References stand beside each other in the data, or one level below it; never inside of what users sent. */
export function valueRefs({ data }: Pick<HistoryEvent, "data">): string[] {
  const { directive, compensate, overrides } = data as Partial<Record<string, object>>;
  return [data, directive, compensate, ...Object.values(overrides ?? {})].flatMap((holder) =>
    Object.entries(holder ?? {}).flatMap(([name, value]) => (name.endsWith("Ref") ? [(value as ValueRef).hash] : [])),
  );
}
