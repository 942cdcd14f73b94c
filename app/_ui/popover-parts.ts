/** What a popover is told; without the library that draws it. */
import type { ReactNode } from "react";
import type { TriggerElement } from "./on-demand";

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
