/** A key that does something here; phones, which seldom have keys, are told of it only where it is `always` shown. */
import { classNames } from "./class-names";

export function Kbd({ children, always = false }: { children: string; always?: boolean }) {
  return (
    <kbd
      aria-hidden
      className={classNames(
        "min-w-4 items-center justify-center rounded-sm border border-line-strong px-1 font-sans text-2xs leading-4 text-ink-3",
        always ? "inline-flex" : "hidden sm:inline-flex",
      )}
    >
      {children}
    </kbd>
  );
}
