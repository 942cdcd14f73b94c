/** How keys are shown and read out. */

const SHOWN: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  " ": "Space",
};

/** The strokes of `g e` or `mod+k`, each as the keys that are held together. `" "` and `+` stand for themselves. */
export function strokesOf(keys: string, isApple: boolean): string[][] {
  const strokes = keys === " " ? [keys] : keys.split(" ");
  return strokes.map((stroke) =>
    (stroke === "+" ? [stroke] : stroke.split("+")).flatMap((key) => {
      if (key === "mod") return isApple ? "⌘" : "Ctrl";
      // A capital letter is typed so.
      if (/^[A-Z]$/.test(key)) return ["Shift", key];
      const shown = SHOWN[key] ?? key;
      return shown.length === 1 ? shown.toUpperCase() : shown;
    }),
  );
}
