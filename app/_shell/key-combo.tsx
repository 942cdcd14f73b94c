"use client";
/** The keys that do something, as on the keyboard before one. */
import { Fragment } from "react";
import { shellTexts } from "@/lib/client/texts/shell";
import { classNames } from "../_ui/class-names";
import { useIsDrawn } from "../_ui/is-drawn";
import { Kbd } from "../_ui/kbd";
import { strokesOf } from "./key-names";

/** @param always on phones too */
export function KeyCombo({ keys, always = false }: { keys: string; always?: boolean }) {
  const isDrawn = useIsDrawn();
  const strokes = strokesOf(keys, isDrawn && /Mac|iPhone|iPad/.test(navigator.platform));
  return (
    <span className={classNames("items-center gap-1", always ? "inline-flex" : "hidden sm:inline-flex")}>
      {strokes.map((held, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: strokes have no other name than their place
        <Fragment key={index}>
          {index > 0 && <span className="text-2xs text-ink-3">{shellTexts.keys.then}</span>}
          {held.map((key) => (
            <Kbd key={key} always={always}>
              {key}
            </Kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
