/** The frame of all rooms: a sidebar on wide screens, a bar at the bottom on phones. The room scrolls, the frame does not. */
import Link from "next/link";
import type { ReactNode } from "react";
import { texts } from "@/lib/client/texts";
import { AccountMenu } from "./account-menu";
import { Logo } from "./logo";
import { NamespaceSwitch } from "./namespace-switch";
import { NavBar, NavLinks } from "./nav-links";
import { PageLife } from "./page-life";
import { PaletteButton } from "./palette-button";

export function Shell({
  email,
  here,
  places,
  children,
}: {
  email: string;
  /** The namespace that one is in, as `organisation/namespace`; and all that one may go to. */
  here: string;
  places: string[];
  children: ReactNode;
}) {
  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-solid px-3 py-2 text-on-solid focus-visible:translate-y-0"
      >
        {texts.common.skip}
      </a>

      <header className="flex h-12 shrink-0 items-center justify-between gap-3 border-b bg-sunken px-3 md:hidden">
        <Link prefetch={false} href="/" className="flex items-center gap-2 rounded-md font-semibold">
          <Logo />
          {texts.product}
        </Link>
        <div className="flex items-center gap-1">
          <PaletteButton compact />
          <NamespaceSwitch here={here} places={places} />
          <AccountMenu email={email} compact />
        </div>
      </header>

      <aside
        aria-label={texts.nav.sidebar}
        className="hidden w-[216px] shrink-0 flex-col border-r bg-sunken px-2 pt-3 pb-2 md:flex"
      >
        <Link
          prefetch={false}
          href="/"
          className="mx-1.5 mb-3 flex h-8 items-center gap-2 rounded-md text-base font-semibold"
        >
          <Logo />
          {texts.product}
        </Link>
        <PaletteButton />
        <nav aria-label={texts.nav.label} className="flex flex-col gap-px">
          <NavLinks />
        </nav>
        <div className="mt-auto flex flex-col gap-1">
          <NamespaceSwitch here={here} places={places} wide />
          <AccountMenu email={email} />
        </div>
      </aside>

      <main id="content" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col focus:outline-none">
        {children}
      </main>

      <nav
        aria-label={texts.nav.label}
        className="flex h-14 shrink-0 border-t bg-sunken pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        <NavBar />
      </nav>
      <PageLife />
    </div>
  );
}
