"use client";
/** What the validator says. */

export function FindingsPanel() {
  return null;
}
