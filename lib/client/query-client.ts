"use client";
/** How pages cache and repeat requests: refusals are not repeated, an ended session leads to the sign-in page. */
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api";

export function makeQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.status === 401) onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 2000,
        retry: (failures, error) =>
          failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
    },
  });
}
