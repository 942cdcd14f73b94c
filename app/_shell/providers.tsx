"use client";
/** What every page stands in: the query cache, toasts. */
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { makeQueryClient } from "@/lib/client/query-client";
import { Toasts } from "../_ui/toast";

/** A full load, not a client navigation: the cache of the ended session must not survive it. */
function toSignIn() {
  if (window.location.pathname === "/sign-in") return;
  const next = window.location.pathname + window.location.search;
  window.location.assign(`/sign-in?next=${encodeURIComponent(next)}`);
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(() => makeQueryClient(toSignIn));
  return (
    <QueryClientProvider client={client}>
      {children}
      <Toasts />
    </QueryClientProvider>
  );
}
