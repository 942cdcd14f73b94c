/** Which network addresses lead out into the public internet, and which inward: what an http step must not reach unasked. */
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** An address and the length of its prefix. */
export type Range = [Address, number];

/** Of IPv6, only this part was ever given out as public addresses (RFC 4291). */
const GLOBAL_IPV6: Range = ipaddr.parseCIDR("2000::/3");
/** IPv6-only networks reach an IPv4 address by writing it at the end of this prefix (RFC 6052). */
const NAT64: Range = ipaddr.parseCIDR("64:ff9b::/96");
/** A public address that inside of Azure leads to the machine's own host. */
const AZURE_HOST: Range = ipaddr.parseCIDR("168.63.129.16/32");

/** Anything that is no public address for one host is not: private, loopback, link-local, shared, documentation, multicast, … */
export function isPublic(address: string): boolean {
  const target = targetOf(address);
  if (target.range() !== "unicast" || isWithin(target, AZURE_HOST)) return false;
  return target.kind() === "ipv4" || isWithin(target, GLOBAL_IPV6);
}

export function isInRanges(address: string, ranges: readonly Range[]): boolean {
  const target = targetOf(address);
  return ranges.some((range) => isWithin(target, range));
}

/** null where the text is neither an address nor a range in CIDR notation. */
export function parseRange(text: string): Range | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return null;
  const address = ipaddr.parse(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

/** Where packets to it arrive: an IPv6 address that stands for an IPv4 one is judged as that. */
function targetOf(address: string): Address {
  const parsed = ipaddr.parse(address);
  if (parsed.kind() === "ipv4") return parsed;
  const isMapped = (parsed as ipaddr.IPv6).isIPv4MappedAddress();
  return isMapped || isWithin(parsed, NAT64) ? new ipaddr.IPv4(parsed.toByteArray().slice(-4)) : parsed;
}

function isWithin(address: Address, range: Range): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}
