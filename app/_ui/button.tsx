/** Buttons: one solid action a view, everything else quiet. `busy` keeps the width, so that nothing moves while waiting. */
import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";

type Variant = "solid" | "outline" | "ghost" | "danger";

const VARIANTS: Record<Variant, string> = {
  solid: "bg-solid text-on-solid hover:bg-solid-hover",
  outline: "border border-line-strong bg-raised text-ink hover:bg-hover",
  ghost: "text-ink-2 hover:bg-hover hover:text-ink",
  danger: "bg-danger-solid text-[white] hover:brightness-110",
};

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: Variant;
  size?: "md" | "sm" | "icon";
  busy?: boolean;
}

const SIZES = { md: "h-8 px-3 gap-1.5", sm: "h-7 px-2 gap-1.5 text-xs", icon: "size-8 justify-center" };

export function buttonClass(
  variant: Variant = "outline",
  size: "md" | "sm" | "icon" = "md",
  className?: string,
): string {
  return classNames(
    "relative inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap select-none transition-colors duration-100",
    "disabled:pointer-events-none disabled:opacity-50",
    VARIANTS[variant],
    SIZES[size],
    className,
  );
}

export function Button({ variant, size, busy, className, children, disabled, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={buttonClass(variant, size, className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      <span className={classNames("inline-flex items-center gap-1.5", busy && "opacity-0")}>{children}</span>
      {busy && <LoaderCircle aria-hidden size={14} className="absolute animate-turn" />}
    </button>
  );
}
