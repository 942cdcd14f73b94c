"use client";
/** All about what is selected. */

export function EditorInspector() {
  return null;
}
