/**
 * The guard against server-side request forgery: whoever writes a definition decides what this server calls, so it calls
 * nothing that lies behind its own network's door unless a setting says so. A name is resolved once a hop, every address it
 * has is judged, and the connection goes to one of those: a name that resolves differently a moment later gains nothing.
 */
import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isPublic } from "./addresses";
import { type AllowList, allowsAddress, allowsHost } from "./allow-list";
import { CallFailed } from "./call-failed";

/** Rejects with a `code` where the name has no address. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true });

export class Guard {
  constructor(
    readonly allow: AllowList,
    readonly resolve: Resolve = resolveBySystem,
  ) {}

  /** The addresses that may be connected to for this URL, at least one. Throws {@link CallFailed}, or what resolving threw. */
  async judge(url: URL): Promise<LookupAddress[]> {
    if (url.protocol !== "https:" && url.protocol !== "http:") throw refused(url, "only http and https are called");
    if (url.username !== "" || url.password !== "") throw refused(url, "credentials belong into a header");
    // The URL parser has written any form of an address, such as 0x7f.1, the one usual way.
    const hostname = url.hostname.replace(/^\[|\]$/g, "");
    const family = isIP(hostname);
    const addresses = family === 0 ? await this.resolve(hostname) : [{ address: hostname, family }];
    if (addresses.length === 0) throw new CallFailed("network", `${url.host} has no address.`);
    if (allowsHost(this.allow, hostname)) return addresses;

    const unasked = addresses.filter(({ address }) => !allowsAddress(this.allow, address));
    if (!unasked.every(({ address }) => isPublic(address)))
      throw refused(url, "it leads to a private or reserved address, which the server's settings do not allow");
    if (unasked.length > 0 && !isPublicPort(url))
      throw refused(url, "of the ports below 1024 only 80 and 443 are called");
    return addresses;
  }
}

/** The other low ports belong to protocols, such as mail, that might take what is sent for their own commands. */
function isPublicPort({ port }: URL): boolean {
  return port === "" || port === "80" || port === "443" || Number(port) >= 1024;
}

function refused({ host }: URL, why: string): CallFailed {
  return new CallFailed("refused", `The call to ${host} is refused: ${why}.`);
}
