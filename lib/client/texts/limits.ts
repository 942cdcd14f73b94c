/** The texts of limits and retention, and of alerts. */
import type { AlertDelivery, AlertEvent, AlertKind } from "@/lib/contract/alerts";
import type { ClosedStatus, NamespaceLimits } from "@/lib/contract/namespace-settings";

const limits: Record<keyof NamespaceLimits, { label: string; hint: string }> = {
  requestsPerMinute: { label: "Requests a minute", hint: "Of all its keys and people together. Above it: 429." },
  openExecutions: { label: "Open executions", hint: "Above it no new one starts." },
  payloadBytes: { label: "Bytes of a payload", hint: "As UTF-8 JSON; the installation allows 1,048,576." },
  historyEvents: {
    label: "Events of a history",
    hint: "An execution that reaches it is terminated; the installation allows 1,000,000.",
  },
};

const retention: Record<ClosedStatus, string> = {
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
  terminated: "Terminated",
  timed_out: "Timed out",
};

export const limitsTexts = {
  title: "Limits and retention",
  label: "Limits and retention of this namespace",
  hint: (namespace: string) => `Of the namespace ${namespace}.`,
  limitsTitle: "Limits",
  limitsHint: "An empty field means no limit of its own.",
  limits,
  retentionTitle: "Retention",
  retentionHint:
    "How long after its close an execution is removed with its history, logs and approvals, by how it ended. Empty: kept for ever. Durations are written as 30d, 12h or 90m.",
  retention,
  save: "Save",
  saved: "Saved.",
  removes: "What is older already is removed within the next minutes, and cannot be brought back.",
};

const events: Record<AlertEvent, string> = {
  "execution.failed": "An execution failed",
  "execution.timed_out": "An execution timed out",
  "execution.quarantined": "An execution was quarantined",
  "dead_letter.created": "A step became a dead letter",
};

const kinds: Record<AlertKind, string> = { webhook: "Webhook", slack: "Slack", email: "Email" };

const deliveries: Record<AlertDelivery["status"], string> = {
  waiting: "Waiting",
  delivered: "Delivered",
  failed: "Failed",
};

export const alertTexts = {
  title: "Alerts",
  label: "Whom this namespace tells of failures",
  create: "New alert",
  columns: { name: "Name", kind: "Kind", target: "To", events: "Tells of", state: "State", actions: "Actions" },
  kinds,
  events,
  on: "On",
  off: "Off",
  turnOn: "Turn on",
  turnOff: "Turn off",
  actionsOf: (name: string) => `Actions for ${name}`,
  test: "Send a test",
  tested: "The test arrived.",
  notDelivered: (why: string) => `The test did not arrive: ${why}`,
  rotate: "Rotate secret",
  showDeliveries: "Deliveries",
  delete: "Delete",
  noneTitle: "Nobody is told",
  noneHint:
    "An alert tells a webhook, a Slack channel or an e-mail address when executions fail. Failures of the same cause are told together.",
  form: {
    title: "New alert",
    name: "Name",
    kind: "Kind",
    target: { webhook: "URL", slack: "Incoming webhook of Slack", email: "Address" } satisfies Record<
      AlertKind,
      string
    >,
    targetHint: {
      webhook: "Messages are signed; the secret is shown once after this.",
      slack: "From the settings of the Slack app.",
      email: "Sent by the mail server that this installation is set up with.",
    } satisfies Record<AlertKind, string>,
    events: "Tells of",
    submit: "Create alert",
  },
  secretTitle: "The webhook's secret",
  secretHint: "Messages are signed with it. It is shown this once.",
  secret: "Secret",
  rotateTitle: (name: string) => `Rotate the secret of ${name}`,
  rotateHint: "The old secret signs nothing from then on.",
  deleteTitle: (name: string) => `Delete ${name}`,
  deleteHint: "It is told nothing more, and what waits for it is dropped.",
  deliveriesTitle: (name: string) => `Deliveries to ${name}`,
  deliveries,
  noDeliveries: "It was told nothing yet.",
  attempts: (n: number) => (n === 1 ? "1 attempt" : `${n} attempts`),
};

export const namespaceTexts = {
  actionsOf: (name: string) => `Actions for ${name}`,
  export: "Export as NDJSON",
  delete: "Delete",
  deleteTitle: (name: string) => `Delete ${name}`,
  deleteHint:
    "Nobody gets in from then on, its keys stop working, and all its workflows, executions and histories are removed in the background. This cannot be undone.",
  confirm: (name: string) => `Type ${name} to confirm`,
  deleted: "Deleted. What was in it is being removed.",
};
