/** Sends one message to one destination: by HTTP through the guard, or by mail. Answers why it did not arrive. */
import type { DestinationRow } from "@/db/queries/alerts";
import { CallFailed } from "../http-steps/call-failed";
import { send } from "../http-steps/exchange";
import type { Guard } from "../http-steps/guard";
import { type AlertMessage, slackBody, subjectOf, textOf, webhookBody } from "./alert-message";
import type { AlertSecrets } from "./alert-secrets";

/** Sends a mail. Rejects where the server does not take it. */
export type SendMail = (to: string, letter: { subject: string; text: string; link: string | null }) => Promise<void>;

export interface SendPorts {
  secrets: AlertSecrets;
  guard: Guard;
  /** Absent: mails cannot be sent from here. */
  mail?: SendMail;
  /** Epoch milliseconds. */
  now(): number;
}

const TIMEOUT_MS = 10_000;

/** @param id what a receiver can tell a repeated message by. Null: it arrived. */
export async function sendAlert(
  ports: SendPorts,
  destination: DestinationRow,
  id: string,
  message: AlertMessage,
): Promise<string | null> {
  const target = await ports.secrets.open(destination.id, destination.sealedTarget);
  if (target === null) return "Its target cannot be read: it was made with another installation's secret.";
  try {
    if (destination.kind === "email") return await mailTo(ports, target, message);
    const signed = destination.kind === "webhook" ? await signedBody(ports, destination, id, message) : null;
    return await post(ports.guard, new URL(target), signed ?? { body: slackBody(message), headers: {} });
  } catch (error) {
    return reasonOf(error);
  }
}

async function mailTo({ mail }: SendPorts, to: string, message: AlertMessage): Promise<string | null> {
  if (mail === undefined) return "This process sends no mails.";
  const link = message.kind === "single" ? message.facts.link : message.digest.link;
  await mail(to, { subject: `Cerebelum: ${subjectOf(message)}`, text: `${textOf(message)}\n`, link });
  return null;
}

async function signedBody(ports: SendPorts, destination: DestinationRow, id: string, message: AlertMessage) {
  const body = webhookBody(message);
  const timestamp = Math.floor(ports.now() / 1000);
  const signature = await ports.secrets.sign(destination, { id, timestamp, body });
  const headers = { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signature };
  return { body, headers };
}

async function post(
  guard: Guard,
  url: URL,
  { body, headers }: { body: string; headers: Record<string, string> },
): Promise<string | null> {
  const addresses = await guard.judge(url);
  const hop = {
    method: "POST",
    url,
    headers: { accept: "*/*", "user-agent": "Cerebelum", "content-type": "application/json", ...headers },
    body: Buffer.from(body),
  };
  const answer = await send(hop, addresses, AbortSignal.timeout(TIMEOUT_MS));
  const status = answer.statusCode ?? 0;
  answer.destroy();
  return status >= 200 && status <= 299 ? null : `${url.host} answered ${status}.`;
}

/** Never the URL itself, which may be a secret. */
function reasonOf(error: unknown): string {
  if (error instanceof CallFailed) return error.message;
  if (error instanceof Error && error.name === "TimeoutError") return `There was no answer within ${TIMEOUT_MS} ms.`;
  if (error instanceof Error && error.name === "AbortError") return `There was no answer within ${TIMEOUT_MS} ms.`;
  const code = error instanceof Error && "code" in error ? String(error.code) : null;
  if (code === null) throw error;
  return `It could not be reached: ${code}.`;
}
