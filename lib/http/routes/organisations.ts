/** Organisations: those of a person, and the one that a call is about. */
import { z } from "zod";
import {
  createOrganisationSchema,
  organisationSchema,
  ownOrganisationSchema,
  renameOrganisationSchema,
  transferSchema,
} from "@/lib/contract/organisations";
import { refused } from "@/lib/engine/outcome";
import { empty, json } from "@/lib/http/answer";
import { route } from "@/lib/http/route";
import { userIdOf } from "@/lib/tenancy/caller";
import { createOrganisation } from "@/lib/tenancy/create-organisation";
import { renameOrganisation } from "@/lib/tenancy/rename-organisation";
import { transferOwnership } from "@/lib/tenancy/transfer-ownership";
import { listOwnOrganisations, readOrganisation } from "@/lib/views/organisations";
import { limitSchema, nameCursorSchema, pageSchema } from "@/lib/views/page";

const ORGANISATIONS = "/api/v1/organisations" as const;
const ORGANISATION = "/api/v1/organisation" as const;

export const organisationRoutes = [
  route({
    method: "GET",
    path: ORGANISATIONS,
    permission: "person",
    summary: "The organisations that the caller belongs to, by name",
    query: z.strictObject({ cursor: nameCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(ownOrganisationSchema) },
    async handle({ query, principal, instance }) {
      const page = { after: query.cursor ?? "", limit: query.limit };
      return json(200, await listOwnOrganisations(instance.reads, userIdOf(principal) ?? "", page));
    },
  }),
  route({
    method: "POST",
    path: ORGANISATIONS,
    permission: "person",
    audit: "organisation.create",
    summary: "Makes an organisation that the caller owns, with the namespace `default`",
    body: createOrganisationSchema,
    answers: { 201: organisationSchema },
    problems: ["NAME_TAKEN"],
    async handle({ body, principal, instance, audit }) {
      const { services, config, reads } = instance;
      const made = await createOrganisation(services, config, userIdOf(principal) ?? "", body, audit);
      return made.ok ? json(201, await readOrganisation(reads, made.value)) : made;
    },
  }),
  route({
    method: "GET",
    path: ORGANISATION,
    permission: "administer",
    summary: "The caller's organisation",
    answers: { 200: organisationSchema },
    problems: ["ORGANISATION_NOT_FOUND"],
    async handle({ principal, instance }) {
      const organisation = await readOrganisation(instance.reads, principal.organisationId);
      return organisation === null ? refused("ORGANISATION_NOT_FOUND") : json(200, organisation);
    },
  }),
  route({
    method: "PATCH",
    path: ORGANISATION,
    permission: "administer",
    audit: "organisation.rename",
    summary: "Renames the caller's organisation",
    body: renameOrganisationSchema,
    answers: { 200: organisationSchema },
    problems: ["ORGANISATION_NOT_FOUND", "NAME_TAKEN"],
    async handle({ body, principal, instance, audit }) {
      const outcome = await renameOrganisation(instance.services, principal, body.name, audit);
      return outcome.ok ? json(200, await readOrganisation(instance.reads, principal.organisationId)) : outcome;
    },
  }),
  route({
    method: "POST",
    path: `${ORGANISATION}/transfer`,
    permission: "own",
    audit: "organisation.transfer",
    summary: "Makes another member an owner in the caller's place; the caller becomes an admin",
    body: transferSchema,
    answers: { 204: null },
    problems: ["MEMBER_NOT_FOUND"],
    async handle({ body, principal, instance, audit }) {
      const outcome = await transferOwnership(instance.services, principal, body.user, audit);
      return outcome.ok ? empty(204) : outcome;
    },
  }),
];
