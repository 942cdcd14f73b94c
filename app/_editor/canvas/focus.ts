/** Gives a node of the canvas, or a row of the list, the focus; one that is only about to be drawn gets it then. */

const FRAMES = 30;

export function focusNode(id: string): void {
  focusWhenDrawn(`[data-id="${CSS.escape(id)}"]`, FRAMES);
}

function focusWhenDrawn(selector: string, frames: number): void {
  requestAnimationFrame(() => {
    // Whoever types in the meantime is not interrupted.
    if (document.activeElement?.matches("[data-editor-graph] :is(input, textarea)")) return;
    const element = document.querySelector<HTMLElement>(`[data-editor-graph] ${selector}`);
    if (element) element.focus({ preventScroll: true });
    else if (frames > 0) focusWhenDrawn(selector, frames - 1);
  });
}
