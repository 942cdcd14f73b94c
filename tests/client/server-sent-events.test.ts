/** Events come out of a byte stream whole, wherever it was cut. */
import { expect, it } from "vitest";
import { readServerSentEvents } from "@/lib/client/server-sent-events";

function cut(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
}

async function read(text: string, size: number) {
  const found = [];
  for await (const batch of readServerSentEvents(cut(text, size))) found.push(...batch);
  return found;
}

const STREAM =
  'retry: 1000\n\nid: 1\nevent: StepCompleted\ndata: {"text":"Zoë"}\n\n: keep-alive\n\nevent: end\ndata: {}\n\n';

it.each([1, 2, 3, 7, 1000])("reads the same events from chunks of %d bytes", async (size) => {
  expect(await read(STREAM, size)).toEqual([
    { event: "StepCompleted", data: '{"text":"Zoë"}' },
    { event: "end", data: "{}" },
  ]);
});

it("joins data lines and takes carriage returns", async () => {
  expect(await read("data: a\r\ndata: b\r\n\r\n", 4)).toEqual([{ event: "message", data: "a\nb" }]);
});

it("gives an unfinished last event to nobody", async () => {
  expect(await read("data: whole\n\ndata: torn", 5)).toEqual([{ event: "message", data: "whole" }]);
});
