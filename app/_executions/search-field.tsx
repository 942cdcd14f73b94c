"use client";
/** Text to look for; the list follows once the typing rests. */
import { Search } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { executionsTexts } from "@/lib/client/texts/executions";
import { Kbd } from "../_ui/kbd";

const SETTLE_MS = 250;

export function SearchField({
  value,
  onChange,
  input,
}: {
  value: string;
  onChange: (value: string) => void;
  input: RefObject<HTMLInputElement | null>;
}) {
  const [text, setText] = useState(value);
  const [settled, setSettled] = useState(value);
  if (settled !== value) {
    setSettled(value);
    if (text.trim() !== value) setText(value);
  }
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className="relative w-full sm:w-72">
      <Search aria-hidden size={14} className="absolute top-1/2 left-2 -translate-y-1/2 text-ink-3" />
      <input
        ref={input}
        type="search"
        aria-label={executionsTexts.search}
        placeholder={executionsTexts.search}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
        className="h-7 w-full rounded-md border border-line-strong bg-raised pr-7 pl-7 text-xs hover:border-ink-3 focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 [&::-webkit-search-cancel-button]:appearance-none"
      />
      <span className="absolute top-1/2 right-2 -translate-y-1/2">{text === "" && <Kbd>/</Kbd>}</span>
    </div>
  );
}
