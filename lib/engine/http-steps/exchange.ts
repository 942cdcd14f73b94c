/** One request and its answer over a connection of its own, to an address that was judged. */
import type { LookupAddress } from "node:dns";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { promisify } from "node:util";
import { type BrotliOptions, brotliDecompress, gunzip, type ZlibOptions } from "node:zlib";
import { CallFailed } from "./call-failed";
import type { Hop } from "./request";

const ANSWER_HEADER_BYTES = 16 * 1024;

/**
 * Resolves with the answer's head; its connection lives until the answer is destroyed. Rejects with what Node.js says, or
 * once the signal is aborted.
 */
export function send(hop: Hop, addresses: readonly LookupAddress[], signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = hop.url.protocol === "https:" ? https : http;
    const sent = request(
      hop.url,
      {
        method: hop.method,
        headers: {
          ...hop.headers,
          "accept-encoding": "gzip, br",
          ...(hop.body === null ? {} : { "content-length": hop.body.length }),
        },
        lookup: resolvedTo(addresses),
        // A connection of its own: one that is kept would serve a later call whose addresses were judged anew.
        agent: false,
        maxHeaderSize: ANSWER_HEADER_BYTES,
        signal,
      },
      resolve,
    );
    // A broken connection may have more than one.
    sent.on("error", reject);
    // Without an error: it was told to change the protocol.
    sent.once("close", () => reject(new CallFailed("network", `${hop.url.host} closed the connection.`)));
    sent.end(hop.body ?? undefined);
  });
}

/** Answers what was resolved and judged before, so that connecting resolves nothing. */
function resolvedTo(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family);
  };
}

/** The decoded body, or `too-large` once it, or what was sent of it, has passed the limit: what follows is not read. */
export async function readBody(answer: IncomingMessage, limitBytes: number): Promise<Buffer | "too-large"> {
  const decode = decoderOf(answer);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) return "too-large";
    chunks.push(chunk);
  }
  const sent = Buffer.concat(chunks);
  // What answers HEAD has a coding and no body.
  if (bytes === 0 || decode === null) return sent;
  try {
    return await decode(sent, { maxOutputLength: limitBytes });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") return "too-large";
    throw error;
  }
}

const decodeGzip = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const decodeBrotli = promisify<Buffer, BrotliOptions, Buffer>(brotliDecompress);

function decoderOf(answer: IncomingMessage): typeof decodeGzip | typeof decodeBrotli | null {
  const coding = (answer.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  switch (coding) {
    case "":
    case "identity":
      return null;
    case "gzip":
    case "x-gzip":
      return decodeGzip;
    case "br":
      return decodeBrotli;
    default:
      throw new CallFailed("encoding", "The answer's body has a coding that was not asked for.");
  }
}
