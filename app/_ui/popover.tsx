"use client";
/** What floats under a button until one looks away. It is loaded when it is first about to open. */
import { lazy, useState } from "react";
import { OnDemand } from "./on-demand";
import type { PopoverProps } from "./popover-parts";

const load = () => import("./popover-layer");
const Layer = lazy(load);

export function Popover(props: PopoverProps) {
  const { trigger, open, onOpenChange } = props;
  const [wasOpen, setWasOpen] = useState(open);
  if (open && !wasOpen) setWasOpen(true);
  return (
    <OnDemand trigger={trigger} opens="dialog" isWanted={wasOpen} onWanted={() => onOpenChange(true)} load={load}>
      <Layer {...props} />
    </OnDemand>
  );
}
