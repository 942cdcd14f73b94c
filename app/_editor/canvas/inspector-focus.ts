/** Leads to the settings of what is selected: into the first field beside the canvas. */
import { editorTexts } from "@/lib/client/texts/editor";

const FIELDS = "input:not([type=hidden]), textarea, select, [contenteditable=true], button";

export function openInspector(): void {
  const beside = document.querySelector(`aside[aria-label="${editorTexts.inspector}"]`);
  if (beside !== null) {
    beside.querySelector<HTMLElement>(FIELDS)?.focus();
    return;
  }
  const opener = [...document.querySelectorAll<HTMLElement>("button")].find(
    (button) =>
      button.getAttribute("aria-label") === editorTexts.openInspector ||
      button.textContent === editorTexts.openInspector,
  );
  opener?.click();
}
