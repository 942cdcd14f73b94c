/** Gives a node of the canvas, or a row of the list, the focus; one that is only about to be drawn gets it then. */

const FRAMES = 30;
/** Grows with each wish: an older one is not followed any more. */
let wishes = 0;

export function focusNode(id: string): void {
  wishes += 1;
  focusWhenDrawn(`[data-id="${CSS.escape(id)}"]`, FRAMES, wishes);
}

function focusWhenDrawn(selector: string, frames: number, wish: number): void {
  requestAnimationFrame(() => {
    if (wish !== wishes || isElsewhere()) return;
    const element = document.querySelector<HTMLElement>(`[data-editor-graph] ${selector}`);
    if (element) element.focus({ preventScroll: true });
    else if (frames > 0) focusWhenDrawn(selector, frames - 1, wish);
  });
}

/** Whoever types in the meantime, or is asked something, is not interrupted. */
function isElsewhere(): boolean {
  return document.activeElement?.matches("[data-editor-graph] :is(input, textarea), [role=dialog] *") === true;
}
