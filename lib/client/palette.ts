"use client";
/** What the palette asks the server: executions by a text, once it has settled. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { api } from "./api";
import type { Page } from "./queries";
import { follows } from "./refresher";

const SETTLE_MS = 150;
/** More are found in the room, which has filters. */
const SHOWN = 8;

/** The text as it was when nothing more was typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Those whose id, key, correlation id or tag begins with the text; found stay until others are. */
export function useFoundExecutions(text: string, enabled: boolean) {
  const q = useSettled(text.trim());
  const isAsked = enabled && text.trim() !== "" && q !== "";
  const query = useQuery({
    queryKey: ["executions", "found", q],
    queryFn: ({ signal }) => api<Page<ExecutionSummary>>("/executions", { query: { q, limit: SHOWN }, signal }),
    enabled: isAsked,
    placeholderData: keepPreviousData,
    meta: follows("by-itself"),
  });
  return {
    items: isAsked ? (query.data?.items ?? []) : [],
    isSearching: isAsked && (query.isFetching || q !== text.trim()),
    isFailed: isAsked && query.isError,
  };
}
