"use client";
/**
 * A button whose layer (menu, popover) comes with all it needs when somebody is about to press it: pages need not bring along
 * what most visits never open.
 */
import { type ComponentProps, cloneElement, type ReactElement, type ReactNode, Suspense } from "react";

export type TriggerElement = ReactElement<ComponentProps<"button">>;

export function OnDemand({
  trigger,
  opens,
  isWanted,
  onWanted,
  load,
  children,
}: {
  trigger: TriggerElement;
  opens: "menu" | "dialog";
  /** From when on `children` stand in the trigger's place, with a trigger of their own. */
  isWanted: boolean;
  onWanted: () => void;
  load: () => unknown;
  children: ReactNode;
}) {
  if (isWanted) return <Suspense fallback={trigger}>{children}</Suspense>;
  const { onPointerEnter, onFocus, onKeyDown } = trigger.props;
  return cloneElement(trigger, {
    "aria-haspopup": opens,
    "aria-expanded": false,
    onPointerEnter: (event) => {
      load();
      onPointerEnter?.(event);
    },
    onFocus: (event) => {
      load();
      onFocus?.(event);
    },
    onKeyDown: (event) => {
      onKeyDown?.(event);
      if (opens !== "menu" || event.key !== "ArrowDown") return;
      event.preventDefault();
      onWanted();
    },
    onClick: onWanted,
  });
}
