/** About the process itself: whether it lives, whether it can serve, what it counts, what its API looks like. */
import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { refused } from "@/lib/engine/outcome";
import { json } from "@/lib/http/answer";
import { openApiDocument } from "@/lib/http/openapi";
import { type Route, route } from "@/lib/http/route";

const readinessSchema = z.object({
  ready: z.boolean(),
  reason: z.string().nullable().describe("What keeps it from serving, in one sentence"),
  engine: z.enum(["embedded", "off"]),
  unknownEventTypes: z
    .array(z.string())
    .describe("Written by a newer build and met here: their executions are left to processes of that build"),
});

/** Compared by hash, in a time that tells nothing of either. */
function shows(token: string, authorization: string | undefined): boolean {
  const shown = /^Bearer +(.+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(sha256(shown), sha256(token));
}

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** @param routes all of them, these included, for the document that describes them */
export const processRoutes = (routes: () => readonly Route[]): Route[] => [
  route({
    method: "GET",
    path: "/healthz",
    permission: "public",
    summary: "The process lives",
    answers: { 200: z.object({ status: z.literal("ok") }) },
    handle: () => json(200, { status: "ok" }),
  }),
  route({
    method: "GET",
    path: "/readyz",
    permission: "public",
    summary: "The database is reached, its migrations are done, and the engine runs unless it is off here",
    answers: { 200: readinessSchema, 503: readinessSchema },
    async handle({ instance }) {
      const readiness = await instance.readiness();
      return json(readiness.ready ? 200 : 503, readiness);
    },
  }),
  route({
    method: "GET",
    path: "/metrics",
    permission: "public",
    summary: "Metrics in the text format of Prometheus",
    answers: { 200: "text/plain" },
    problems: ["UNAUTHENTICATED"],
    async handle({ instance: { metrics, config }, request }) {
      if (config.metricsToken !== null && !shows(config.metricsToken, request.header("authorization")))
        return refused("UNAUTHENTICATED", "Show the token that is set for metrics.");
      return { status: 200, headers: { "content-type": metrics.contentType }, body: await metrics.render() };
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/openapi.json",
    permission: "public",
    summary: "This document",
    answers: { 200: z.record(z.string(), z.json()) },
    handle: () => json(200, openApiDocument(routes())),
  }),
];
