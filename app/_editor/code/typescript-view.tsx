"use client";
/** The definition as the SDK's source. */

export function TypeScriptView() {
  return null;
}
