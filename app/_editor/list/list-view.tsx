"use client";
/** The workflow as a list, for whoever does not see the canvas. */

export function EditorList() {
  return null;
}
