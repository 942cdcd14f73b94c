// Mails: over SMTP as they were written, and where there is no mail server, or none that answers, in the log.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Writable } from "node:stream";
import { pino } from "pino";
import { expect, test } from "vitest";
import { invitationLetter, resetLetter } from "@/lib/mail/letters";
import { openMailer } from "@/lib/mail/mailer";
import { startMailServer } from "./people-support";

const LINK = "https://flows.example.com/reset-password?token=abc-DEF_123";
const FROM = "Cerebelum <robot@example.com>";

function keptLog() {
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { base: null },
    new Writable({
      write(chunk, _, done) {
        lines.push(JSON.parse(String(chunk)));
        done();
      },
    }),
  );
  return { log, lines };
}

test("a mail comes with sender, subject and its link in one piece", async () => {
  const sink = await startMailServer();
  const mailer = openMailer({ smtpUrl: sink.url, from: FROM }, keptLog().log);
  const letter = invitationLetter("acme\r\nBcc: all@example.com", "Ann <b>", new Date(0), LINK);
  mailer.post("bob@example.com", letter);
  const mail = await sink.next("bob@example.com");
  expect([mail.from, mail.subject]).toEqual(["robot@example.com", "You are invited to acme Bcc: all@example.com"]);
  expect(mail.link.href).toBe(LINK);
  await mailer.close();
  await sink.close();
});

test("an address cannot add another one", async () => {
  const sink = await startMailServer();
  const mailer = openMailer({ smtpUrl: sink.url, from: FROM }, keptLog().log);
  await mailer.send("a@example.com, b@example.com", resetLetter(LINK)).catch(() => {});
  await mailer.send("c@example.com", resetLetter(LINK));
  await sink.next("c@example.com");
  expect(sink.mails.map(({ to }) => to)).not.toContain("b@example.com");
  await mailer.close();
  await sink.close();
});

test("without a mail server the log has the link, in one line that says why", async () => {
  const { log, lines } = keptLog();
  const mailer = openMailer({ smtpUrl: null, from: FROM }, log);
  mailer.post("bob@example.com", resetLetter(LINK));
  await mailer.close();
  expect(lines).toEqual([
    expect.objectContaining({
      level: 30,
      mail: { to: "bob@example.com", subject: "Choose a new password", link: LINK },
      msg: expect.stringMatching(/^MAIL NOT SENT/),
    }),
  ]);
});

test("what a mail server does not take is told to the log, without the link", async () => {
  const refusing = createServer((socket) => void socket.end("554 no\r\n"));
  refusing.listen(0, "127.0.0.1");
  await once(refusing, "listening");
  const { log, lines } = keptLog();
  const smtpUrl = `smtp://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
  const mailer = openMailer({ smtpUrl, from: FROM }, log);
  mailer.post("bob@example.com", resetLetter(LINK));
  await mailer.close();
  refusing.close();
  expect(lines).toEqual([expect.objectContaining({ level: 50, msg: "a mail could not be sent" })]);
  expect(JSON.stringify(lines)).not.toContain("abc-DEF_123");
});
