/** What a trial needs of the page: SHA-256 at once, and JSON Schema judged as the server does. */
import { type Schema, Validator } from "@cfworker/json-schema";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { TrialTools } from "@/lib/editor/trial/trial-host";

export const TRIAL_TOOLS: TrialTools = {
  sha256: (text) => bytesToHex(sha256(utf8ToBytes(text))),
  checkSchema(schema, value) {
    const [first] = new Validator(schema as Schema | boolean, "2020-12", false).validate(value).errors;
    if (first === undefined) return null;
    const at = first.instanceLocation.slice(1);
    return `${at === "" ? "It" : at}: ${first.error}`;
  },
};
