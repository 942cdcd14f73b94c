/** How a series looks, in small: a bar, a hatched bar, a line or a dashed line in its tone. */
import type { ChartSeries } from "./chart-model";
import { classNames } from "./class-names";

const LOOKS: Record<ChartSeries["kind"], string> = {
  bars: "size-2.5 rounded-[2px] bg-tone-fill",
  hatched: "size-2.5 rounded-[2px] hatched",
  line: "w-4 border-t-2 border-tone-fill",
  dashed: "w-4 border-t-2 border-dashed border-tone-fill",
};

export function ChartSwatch({ series: { kind, status } }: { series: Pick<ChartSeries, "kind" | "status"> }) {
  return <span aria-hidden data-status={status} className={classNames("inline-block shrink-0", LOOKS[kind])} />;
}
