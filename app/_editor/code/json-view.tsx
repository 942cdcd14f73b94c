"use client";
/** The definition as JSON. */

export function EditorJsonView() {
  return null;
}
