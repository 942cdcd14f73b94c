"use client";
/** The workflow as a graph that is edited. */

export function EditorCanvas() {
  return null;
}
