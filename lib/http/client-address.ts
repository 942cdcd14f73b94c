/**
 * Who is at the other end, as far as it can be trusted: the socket's peer, or, where that is a proxy of the operator's own,
 * whom the proxy names. What a client writes into the same headers stands further left and is never believed.
 */
import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import type { Config } from "@/lib/config";
import { allowsAddress } from "@/lib/engine/http-steps/allow-list";

type Trust = Pick<Config, "trustedProxies">;

/** Null where the socket is gone already. */
export function clientAddress(request: IncomingMessage, { trustedProxies }: Trust): string | null {
  const peer = addressOf(request.socket.remoteAddress);
  if (peer === null || !allowsAddress(trustedProxies, peer)) return peer;
  let client = peer;
  for (const entry of listed(request, "x-forwarded-for").reverse()) {
    const named = addressOf(entry);
    if (named === null) break;
    client = named;
    if (!allowsAddress(trustedProxies, named)) break;
  }
  return client;
}

/** Whether nobody on the way could read it, as far as this server can know. */
export function isOverTls(
  request: IncomingMessage,
  { trustedProxies, publicUrl }: Trust & Pick<Config, "publicUrl">,
): boolean {
  if (publicUrl?.startsWith("https:")) return true;
  if ("encrypted" in request.socket && request.socket.encrypted === true) return true;
  const peer = addressOf(request.socket.remoteAddress);
  if (peer === null || !allowsAddress(trustedProxies, peer)) return false;
  return listed(request, "x-forwarded-proto").at(-1) === "https";
}

function listed(request: IncomingMessage, header: string): string[] {
  return (request.headersDistinct[header] ?? []).flatMap((value) => value.split(",")).map((entry) => entry.trim());
}

/** IPv4 in its usual form, also where it came as IPv6; some proxies add a port. */
function addressOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return null;
  return ipaddr.process(bare).toString();
}
