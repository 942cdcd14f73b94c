/** Sends mails over SMTP; where no server is named, the log carries what a mail would have said. */
import { createTransport } from "nodemailer";
import type { Config } from "@/lib/config";
import type { Log } from "@/lib/log";
import type { Letter } from "@/lib/mail/letters";

export interface Mailer {
  /** Nobody waits for it: how long a mail takes must not tell who has an account. What cannot be sent is logged. */
  post(to: string, letter: Letter): void;
  /** Rejects where the server does not take it. */
  send(to: string, letter: Letter): Promise<void>;
  /** Resolves once everything posted was sent or given up, after five seconds at most. */
  close(): Promise<void>;
}

const CONNECT_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 30_000;
/** A mail server that hangs keeps no process from leaving. */
const CLOSE_WITHIN_MS = 5_000;

export function openMailer({ smtpUrl, from }: Config["mail"], log: Log): Mailer {
  const underWay = new Set<Promise<void>>();
  const transport =
    smtpUrl === null
      ? null
      : createTransport(
          {
            url: smtpUrl,
            connectionTimeout: CONNECT_WITHIN_MS,
            greetingTimeout: CONNECT_WITHIN_MS,
            socketTimeout: ANSWER_WITHIN_MS,
          },
          { from },
        );

  async function send(to: string, { subject, text, link }: Letter): Promise<void> {
    if (transport === null) {
      log.info(
        { mail: { to, subject, link } },
        "MAIL NOT SENT, because CEREBELUM_SMTP_URL is not set: its link is here",
      );
      return;
    }
    await transport.sendMail({ to: { name: "", address: to }, subject, text });
  }

  return {
    send,
    post(to, letter) {
      const sending: Promise<void> = send(to, letter)
        .catch((error: unknown) => log.error({ error, subject: letter.subject }, "a mail could not be sent"))
        .finally(() => underWay.delete(sending));
      underWay.add(sending);
    },
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const longEnough = new Promise((resolve) => {
        timer = setTimeout(resolve, CLOSE_WITHIN_MS);
      });
      await Promise.race([Promise.all(underWay), longEnough]);
      clearTimeout(timer);
      transport?.close();
    },
  };
}
