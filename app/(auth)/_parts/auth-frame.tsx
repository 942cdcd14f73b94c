/** The frame of every page before one is signed in: the mark, one sentence, one form. */
import type { ReactNode } from "react";
import { Logo } from "../../_shell/logo";

export function AuthFrame({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center bg-sunken px-4 pt-8 pb-[12vh]">
      <div className="w-full max-w-[336px]">
        <div className="mb-7 flex flex-col items-center gap-4">
          <Logo size={36} />
          <h1 className="text-center text-lg font-semibold tracking-tight text-balance">{title}</h1>
        </div>
        {children}
        {hint && <div className="mt-6 text-center text-xs text-balance text-ink-3">{hint}</div>}
      </div>
    </main>
  );
}
