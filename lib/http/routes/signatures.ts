/** The keys that the ends of histories are signed with. */
import { FIRST_ORGANISATION_ID } from "@/lib/auth/principal";
import { signingKeySchema } from "@/lib/contract/signatures";
import { refused } from "@/lib/engine/outcome";
import { json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { pageSchema } from "@/lib/views/page";
import { listSigningKeys } from "@/lib/views/signing-keys";

const SIGNING_KEYS = "/api/v1/signing-keys" as const;

export const signatureRoutes = [
  route({
    method: "GET",
    path: SIGNING_KEYS,
    permission: "read",
    keeps: ["workflows", "queues"],
    summary: "The public keys of this installation, newest first; old ones stay for what they signed",
    answers: { 200: pageSchema(signingKeySchema) },
    async handle({ instance }) {
      return json(200, { items: await listSigningKeys(instance.reads), nextCursor: null });
    },
  }),
  route({
    method: "POST",
    path: `${SIGNING_KEYS}/rotate`,
    permission: "own",
    audit: "signing_key.rotate",
    summary: "Signs with a new key from now on; for owners of the first organisation, which is the operator's own",
    answers: { 201: signingKeySchema },
    async handle({ principal, instance, audit }) {
      const { signer } = instance.services;
      if (principal.organisationId !== FIRST_ORGANISATION_ID)
        return refused("FORBIDDEN", "The keys belong to whoever operates this installation.");
      if (signer.isGiven)
        return refused("FORBIDDEN", "The key comes from CEREBELUM_SIGNING_KEY: set another one there.");
      const keyId = await signer.rotate((transaction, id) => audit.within(transaction, { target: id }));
      const made = (await listSigningKeys(instance.reads)).find(({ id }) => id === keyId);
      if (made === undefined) throw new Error("a signing key vanished");
      return json(201, made);
    },
  }),
];
