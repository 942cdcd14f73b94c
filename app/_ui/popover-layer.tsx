"use client";
/** A popover with its button; loaded when it first opens. */
import { Popover as Primitive } from "radix-ui";
import { Suspense } from "react";
import { classNames } from "./class-names";
import type { PopoverProps } from "./popover-parts";

export default function PopoverLayer({
  trigger,
  open,
  onOpenChange,
  label,
  align = "start",
  className,
  children,
}: PopoverProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={classNames(
            "z-50 flex animate-fade flex-col overflow-hidden rounded-lg bg-raised shadow-float focus:outline-none",
            className,
          )}
        >
          <Suspense fallback={<div className="h-40" />}>{children}</Suspense>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
