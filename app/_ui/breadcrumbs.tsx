/** The way back up from a deep page: what it lies in, outermost first; on phones the nearest alone. The page's name follows it. */
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { shellTexts } from "@/lib/client/texts/shell";
import { classNames } from "./class-names";

export interface Crumb {
  href: string;
  name: string;
}

export function Breadcrumbs({ trail }: { trail: readonly Crumb[] }) {
  return (
    <nav aria-label={shellTexts.breadcrumbs} className="min-w-0 shrink-0">
      <ol className="flex items-center gap-1 text-base text-ink-3">
        {trail.map(({ href, name }, index) => (
          <li
            key={href}
            className={classNames("items-center gap-1", index === trail.length - 1 ? "flex" : "hidden sm:flex")}
          >
            <Link prefetch={false} href={href} className="max-w-48 truncate rounded-sm hover:text-ink">
              {name}
            </Link>
            <ChevronRight aria-hidden size={14} className="shrink-0" />
          </li>
        ))}
      </ol>
    </nav>
  );
}
