/** The theme of a portable file: the reader's system's, until it is changed in the file. */

export type Theme = "light" | "dark";

export const darkSystem = window.matchMedia("(prefers-color-scheme: dark)");
let chosen: Theme | null = null;

export function shownTheme(): Theme {
  return chosen ?? (darkSystem.matches ? "dark" : "light");
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = shownTheme();
}

export function toggleTheme(): void {
  chosen = shownTheme() === "dark" ? "light" : "dark";
  applyTheme();
}
