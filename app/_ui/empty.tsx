/** What stands where nothing is: one icon, one sentence, one thing to do next. */
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

export function Empty({
  icon: Icon,
  title,
  level = 2,
  children,
}: {
  icon: LucideIcon;
  title: string;
  /** 1 where it is the whole page. */
  level?: 1 | 2;
  children?: ReactNode;
}) {
  const Title = `h${level}` as const;
  return (
    <div className="flex flex-1 flex-col items-center px-6 py-16 text-center sm:py-24">
      <span className="mb-4 inline-flex size-10 items-center justify-center rounded-lg border border-line bg-sunken text-ink-3">
        <Icon aria-hidden size={18} strokeWidth={1.75} />
      </span>
      <Title className="text-base font-semibold">{title}</Title>
      <div className="mt-1 flex w-full max-w-[520px] flex-col items-center gap-4 text-ink-2">{children}</div>
    </div>
  );
}
