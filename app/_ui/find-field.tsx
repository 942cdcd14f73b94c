"use client";
/** A field that narrows what is listed while one types. */
import { Search } from "lucide-react";
import { classNames } from "./class-names";
import { inputClass } from "./field";

export function FindField({
  label,
  value,
  onChange,
  className,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}) {
  return (
    <span className={classNames("relative", className)}>
      <Search aria-hidden size={13} className="absolute top-1/2 left-2 -translate-y-1/2 text-ink-3" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        className={`${inputClass} h-7 pl-7 text-xs`}
      />
    </span>
  );
}
