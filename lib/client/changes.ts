"use client";
/**
 * The page follows its namespace: one stream tells which rooms have something new, and the queries of those rooms, found by
 * their first key, are asked again. What may have been missed, before the stream was open or while it was not, is made up
 * for by its first message, which names all rooms.
 *
 *   closed --shown, and nobody holds the connection--> connecting --answer--> following
 *      ^                                                   ^                     | loss
 *      +--------- hidden for a while, or held -------------+----- back-off ------+      (a refusal: closed for good)
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import type { Changes } from "@/lib/contract/changes";
import { ApiError, problemOf } from "./api";
import { namespaceHeader } from "./namespace";
import { Refresher } from "./refresher";
import { readServerSentEvents } from "./server-sent-events";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** The server sends a comment at least every 15 s; a longer silence is a dead connection. */
const SILENCE_MS = 40_000;
/** Whoever only glances at another tab finds the connection as it was. */
const HIDDEN_MS = 10_000;

let holders = 0;
let isFollowing = false;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Takes the page's one connection for another stream, as that of an execution: meanwhile rooms are kept true by their
 * queries' intervals. To be called back when that stream has ended.
 */
export function holdConnection(): () => void {
  let held = true;
  holders += 1;
  tell();
  return () => {
    if (!held) return;
    held = false;
    holders -= 1;
    tell();
  };
}

/** Whether changes arrive by themselves at the moment: then intervals may be long. */
export function useIsFollowing(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isFollowing,
    () => false,
  );
}

/** Follows while the page is shown; to be used once, by the frame of the rooms. */
export function useFollowChanges(): void {
  const client = useQueryClient();
  useEffect(() => follow(client), [client]);
}

function follow(client: QueryClient): () => void {
  const refresher = new Refresher(client);
  let connection: AbortController | null = null;
  let hiding: ReturnType<typeof setTimeout> | null = null;
  let isRefused = false;
  const open = () => {
    if (connection !== null || isRefused) return;
    const controller = new AbortController();
    connection = controller;
    followUntil(controller.signal, refresher).catch(() => {
      isRefused = true;
    });
  };
  const close = () => {
    connection?.abort();
    connection = null;
    following(false);
  };
  const look = () => {
    if (hiding !== null) clearTimeout(hiding);
    hiding = null;
    if (holders > 0) close();
    else if (!document.hidden) open();
    else if (connection !== null) hiding = setTimeout(close, HIDDEN_MS);
  };
  document.addEventListener("visibilitychange", look);
  const unsubscribe = subscribe(look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    unsubscribe();
    if (hiding !== null) clearTimeout(hiding);
    close();
    refresher.stop();
  };
}

function following(now: boolean): void {
  if (isFollowing === now) return;
  isFollowing = now;
  tell();
}

/** Connects again and again until the signal; throws a refusal, which would be the same the next time. */
async function followUntil(signal: AbortSignal, refresher: Refresher): Promise<void> {
  let waitMs = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      await readOnce(signal, refresher, () => {
        waitMs = FIRST_WAIT_MS;
      });
    } catch (error) {
      if (!signal.aborted && error instanceof ApiError && [401, 403, 404].includes(error.status)) throw error;
    }
    if (signal.aborted) return;
    following(false);
    // Many pages lose a server at the same moment; they need not come back at the same one.
    await pause(waitMs * (0.5 + Math.random()), signal);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
  }
}

async function readOnce(signal: AbortSignal, refresher: Refresher, onOpen: () => void): Promise<void> {
  const connection = new AbortController();
  const stop = () => connection.abort();
  signal.addEventListener("abort", stop);
  let silence = setTimeout(stop, SILENCE_MS);
  try {
    const headers = { ...namespaceHeader(), accept: "text/event-stream" };
    const response = await fetch("/api/v1/changes/stream", { headers, signal: connection.signal });
    if (!response.ok || !response.body) throw await problemOf(response);
    onOpen();
    following(true);
    for await (const messages of readServerSentEvents(response.body)) {
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
      for (const { event, data } of messages)
        if (event === "changes") refresher.changed((JSON.parse(data) as Changes).rooms);
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", stop);
    connection.abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      window.removeEventListener("online", done);
      resolve();
    }
    signal.addEventListener("abort", done);
    window.addEventListener("online", done);
  });
}
