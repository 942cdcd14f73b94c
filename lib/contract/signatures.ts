/** The public keys that the ends of histories are checked with. */
import { z } from "zod";
import { instantSchema } from "./history";

export const signingKeySchema = z.object({
  id: z.string().describe("The first 32 hex digits of the fingerprint"),
  fingerprint: z.string().describe("SHA-256 of the public key's DER, in hex"),
  algorithm: z.literal("Ed25519"),
  publicKey: z.string().describe("SPKI, DER, in base64"),
  createdAt: instantSchema,
  retiredAt: instantSchema.nullable(),
});
export type ShownSigningKey = z.infer<typeof signingKeySchema>;
