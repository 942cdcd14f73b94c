/** A key that does something here. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd
      aria-hidden
      className="hidden min-w-4 items-center justify-center rounded-sm border border-line-strong px-1 font-sans text-2xs leading-4 text-ink-3 sm:inline-flex"
    >
      {children}
    </kbd>
  );
}
