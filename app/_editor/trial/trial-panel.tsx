"use client";
/** The draft, tried in the page. */

export function TrialPanel() {
  return null;
}
