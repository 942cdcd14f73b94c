"use client";
/** What floats under a button until one looks away. It is loaded when it is first about to open. */
import { lazy, type ReactNode, useState } from "react";
import { OnDemand, type TriggerElement } from "./on-demand";

export interface PopoverProps {
  trigger: TriggerElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Left out where what floats is named by what is in it. */
  label?: string;
  align?: "start" | "end";
  /** Its size. */
  className: string;
  children: ReactNode;
}

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
