/** The setting that lets http steps reach hosts of one's own: addresses, ranges and host names, with commas between them. */
import { domainToASCII } from "node:url";
import { isInRanges, parseRange, type Range } from "./addresses";

export interface AllowList {
  ranges: readonly Range[];
  /** As they stand in a parsed URL, without a dot at the end. */
  hosts: ReadonlySet<string>;
}

export const NOTHING_ALLOWED: AllowList = { ranges: [], hosts: new Set() };

/** null where an entry is none of the three. */
export function parseAllowList(text: string): AllowList | null {
  const ranges: Range[] = [];
  const hosts = new Set<string>();
  for (const entry of text.split(",").map((part) => part.trim())) {
    const range = parseRange(entry);
    if (range !== null) ranges.push(range);
    else if (HOST.test(entry)) hosts.add(domainToASCII(entry.replace(/\.$/, "")));
    else return null;
  }
  return { ranges, hosts };
}

/** At least one letter: a mistyped address is no name. */
const HOST = /^(?=.*\p{L})[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]{0,252}[\p{L}\p{N}_.])?$/u;

export function allowsHost({ hosts }: AllowList, hostname: string): boolean {
  return hosts.has(hostname.replace(/\.$/, ""));
}

export function allowsAddress({ ranges }: AllowList, address: string): boolean {
  return isInRanges(address, ranges);
}
