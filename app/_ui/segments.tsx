"use client";
/** One of a few: the filter that a list begins with. */
import { ToggleGroup } from "radix-ui";
import { useIsDrawn } from "./is-drawn";

const groupClass = "flex h-[30px] max-w-full gap-0.5 overflow-x-auto rounded-md border bg-sunken p-0.5";

export function Segments<Value extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { value: Value; name: string; count?: number | undefined }[];
  value: Value;
  onChange: (value: Value) => void;
}) {
  // The group has inline styles, which no document of ours may bring along: scripts alone may set them.
  if (!useIsDrawn()) return <div className={`${groupClass} w-64`} />;
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(chosen) => chosen && onChange(chosen as Value)}
      className={groupClass}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="inline-flex h-6 shrink-0 items-center gap-1.5 rounded-sm px-2 text-xs text-ink-2 focus-inset hover:text-ink data-[state=on]:bg-raised data-[state=on]:font-medium data-[state=on]:text-ink data-[state=on]:shadow-[0_0_0_1px_var(--line-strong)]"
        >
          {option.name}
          {option.count !== undefined && <span className="text-2xs text-ink-3 tabular">{option.count}</span>}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
