/** The table of rights, under the name by which the server asks for it. */
export * from "@/lib/contract/permissions";
