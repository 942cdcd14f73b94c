/** What an alert says: the same facts for machines, for chats and for mails. No payloads, and a link to see more. */

export interface AlertFacts {
  event: string;
  namespace: string;
  at: string;
  execution: {
    id: string;
    key: string | null;
    workflow: string | null;
    version: number | null;
    status: string | null;
  } | null;
  deadLetterId: string | null;
  error: { code: string; message: string } | null;
  link: string | null;
}

/** Of many at once. */
export interface AlertDigest {
  namespace: string;
  from: string;
  to: string;
  count: number;
  /** How many of each kind, most first. */
  groups: { event: string; workflow: string | null; count: number }[];
  link: string | null;
}

export type AlertMessage = { kind: "single"; facts: AlertFacts } | { kind: "digest"; digest: AlertDigest };

const GROUPS_SHOWN = 20;
const MESSAGE_SHOWN = 500;

/** The body of a webhook. */
export function webhookBody(message: AlertMessage): string {
  if (message.kind === "digest") {
    const { from, to, ...digest } = message.digest;
    return JSON.stringify({ type: "digest", timestamp: to, data: { ...digest, from, to } });
  }
  const { event, at, ...data } = message.facts;
  return JSON.stringify({ type: event, timestamp: at, data });
}

export function subjectOf(message: AlertMessage): string {
  if (message.kind === "digest")
    return `${message.digest.count} failures in ${message.digest.namespace} since ${message.digest.from}`;
  const { event, execution, namespace } = message.facts;
  return `${VERBS[event] ?? event}: ${execution?.workflow ?? "an execution"} in ${namespace}`;
}

/** Plain text of some lines. */
export function textOf(message: AlertMessage): string {
  return message.kind === "digest" ? digestText(message.digest) : factsText(message.facts);
}

const VERBS: Record<string, string> = {
  "execution.failed": "Execution failed",
  "execution.timed_out": "Execution timed out",
  "execution.quarantined": "Execution quarantined",
  "dead_letter.created": "New dead letter",
  test: "Test",
};

function factsText({ event, namespace, execution, error, link }: AlertFacts): string {
  const version = execution?.version === null || execution === null ? "" : ` version ${execution.version}`;
  const lines = [
    execution === null
      ? `${VERBS[event] ?? event} in ${namespace}.`
      : `${VERBS[event] ?? event}: ${execution.workflow ?? "unknown"}${version} in ${namespace}, ${execution.id}${execution.key === null ? "" : ` (${execution.key})`}.`,
    error === null ? null : `${error.code}: ${error.message.slice(0, MESSAGE_SHOWN)}`,
    link,
  ];
  return lines.filter((line) => line !== null).join("\n");
}

function digestText({ namespace, from, to, count, groups, link }: AlertDigest): string {
  const shown = groups
    .slice(0, GROUPS_SHOWN)
    .map(({ event, workflow, count: many }) => `${many} × ${VERBS[event] ?? event}: ${workflow ?? "unknown"}`);
  const rest = groups.length - shown.length;
  return [
    `${count} failures in ${namespace} between ${from} and ${to}:`,
    ...shown,
    ...(rest > 0 ? [`and ${rest} other kinds`] : []),
    ...(link === null ? [] : [link]),
  ].join("\n");
}

/** Slack's own signs, so that what users wrote mentions nobody. */
export function slackBody(message: AlertMessage): string {
  const text = textOf(message).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return JSON.stringify({ text: `*${subjectOf(message).replaceAll(/[&<>*]/g, "")}*\n${text}` });
}
