/** Alerts: whom the namespace tells of failures. */
import { z } from "zod";
import {
  alertCreatedSchema,
  alertDeliverySchema,
  alertSchema,
  alertSecretSchema,
  alertTestSchema,
  createAlertSchema,
  updateAlertSchema,
} from "@/lib/contract/alerts";
import { createAlert, deleteAlert, rotateAlertSecret, testAlert, updateAlert } from "@/lib/engine/alerts/change-alerts";
import { refused } from "@/lib/engine/outcome";
import { empty, json } from "@/lib/http/answer";
import { answer, route } from "@/lib/http/route";
import { listAlerts, listDeliveries, readAlert } from "@/lib/views/alerts";
import { keyCursorSchema, limitSchema, pageSchema } from "@/lib/views/page";

const ALERTS = "/api/v1/alerts" as const;
const ALERT = `${ALERTS}/{alert}` as const;

export const alertRoutes = [
  route({
    method: "GET",
    path: ALERTS,
    permission: "administer",
    summary: "Whom the namespace tells of failures",
    answers: { 200: pageSchema(alertSchema) },
    async handle({ principal, instance }) {
      return json(200, await listAlerts(instance.reads, principal.namespaceId));
    },
  }),
  route({
    method: "POST",
    path: ALERTS,
    permission: "administer",
    audit: "alert.create",
    summary: "Tells a webhook, a Slack channel or an e-mail address of failures; a webhook's secret is shown this once",
    body: createAlertSchema,
    answers: { 201: alertCreatedSchema },
    async handle({ body, principal, instance, audit }) {
      const made = await createAlert(instance.services, principal, body);
      if (!made.ok) return made;
      const alert = await readAlert(instance.reads, principal.namespaceId, made.value.id);
      if (alert === null) return refused("ALERT_NOT_FOUND");
      const { name, kind, target, events } = alert;
      audit.tell({ target: made.value.id, details: { name, kind, target, events } });
      return json(201, { ...alert, secret: made.value.secret });
    },
  }),
  route({
    method: "PATCH",
    path: ALERT,
    permission: "administer",
    audit: "alert.update",
    summary: "Changes what the body names; what waits for one that is turned off is dropped",
    body: updateAlertSchema,
    answers: { 200: alertSchema },
    problems: ["ALERT_NOT_FOUND"],
    async handle({ params, body, principal, instance, audit }) {
      const changed = await updateAlert(instance.services, principal, params.alert, body);
      if (!changed.ok) return changed;
      audit.tell({ details: body });
      const alert = await readAlert(instance.reads, principal.namespaceId, params.alert);
      return alert === null ? refused("ALERT_NOT_FOUND") : json(200, alert);
    },
  }),
  route({
    method: "DELETE",
    path: ALERT,
    permission: "administer",
    audit: "alert.delete",
    summary: "Tells it nothing more",
    answers: { 204: null },
    problems: ["ALERT_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const outcome = await deleteAlert(instance.services, principal, params.alert);
      return outcome.ok ? empty(204) : outcome;
    },
  }),
  route({
    method: "POST",
    path: `${ALERT}/test`,
    permission: "administer",
    audit: "alert.test",
    summary: "Sends a message now, and says whether it arrived",
    answers: { 200: alertTestSchema },
    problems: ["ALERT_NOT_FOUND"],
    waits: true,
    async handle({ params, principal, instance }) {
      return answer(await testAlert(instance.services, principal, params.alert));
    },
  }),
  route({
    method: "POST",
    path: `${ALERT}/rotate-secret`,
    permission: "administer",
    audit: "alert.rotate_secret",
    summary: "A new secret for a webhook, shown this once; the old one signs nothing from then on",
    answers: { 200: alertSecretSchema },
    problems: ["ALERT_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      return answer(await rotateAlertSecret(instance.services, principal, params.alert));
    },
  }),
  route({
    method: "GET",
    path: `${ALERT}/deliveries`,
    permission: "administer",
    summary: "What it was told, is still to be told, or could not be told, newest first; kept for a month",
    query: z.strictObject({ cursor: keyCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(alertDeliverySchema) },
    problems: ["ALERT_NOT_FOUND"],
    async handle({ params, query, principal, instance }) {
      const page = { before: query.cursor ?? null, limit: query.limit };
      const deliveries = await listDeliveries(instance.reads, principal.namespaceId, params.alert, page);
      return deliveries === null ? refused("ALERT_NOT_FOUND") : json(200, deliveries);
    },
  }),
];
