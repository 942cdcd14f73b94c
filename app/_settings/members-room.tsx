"use client";
/** Who belongs to the organisation with which role, who was invited, and the way out for each. */
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/lib/client/permissions";
import { useChangeMember, useInvitations, useMembers, useRevokeInvitation } from "@/lib/client/settings";
import { texts } from "@/lib/client/texts";
import { peopleTexts } from "@/lib/client/texts/people";
import type { Invitation, Member } from "@/lib/contract/organisations";
import type { Role } from "@/lib/contract/permissions";
import type { Column } from "../_rooms/simple-table";
import { Button } from "../_ui/button";
import { inputClass } from "../_ui/field";
import { ScrollArea } from "../_ui/scroll-area";
import { RelativeTime } from "../_ui/time";
import { toast } from "../_ui/toast";
import { Bar, List } from "./list";
import { InviteDialog, RemoveMemberDialog } from "./member-dialogs";
import { RoleOptions } from "./role-options";

const words = peopleTexts.settings.members;

export function MembersRoom({ me }: { me: string }) {
  const mayOwn = useMay("own");
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Member | null>(null);
  const change = useChangeMember();
  const isMine = ({ user, role }: Member) => user === me || (role === "owner" && !mayOwn);
  const columns: Column<Member>[] = [
    { name: words.columns.person, cell: (member) => <Person {...member} /> },
    {
      name: words.columns.role,
      cell: (member) =>
        isMine(member) ? (
          <span className="text-ink-2">{peopleTexts.roles[member.role].name}</span>
        ) : (
          <RoleSelect
            label={words.roleOf(member.email)}
            value={member.role}
            withOwner={mayOwn}
            onChange={(role) =>
              change.mutate(
                { user: member.user, role },
                {
                  onSuccess: () => toast.done(peopleTexts.settings.saved),
                  onError: (error) => toast.failed(texts.errors.sentence(error)),
                },
              )
            }
          />
        ),
    },
    {
      name: words.columns.joined,
      extra: true,
      cell: ({ joinedAt }) => <RelativeTime at={joinedAt} className="text-ink-2" />,
    },
    {
      name: words.columns.actions,
      isNameHidden: true,
      numeric: true,
      cell: (member) =>
        !isMine(member) && (
          <Button size="sm" variant="ghost" onClick={() => setRemoving(member)}>
            {words.remove}
          </Button>
        ),
    },
  ];
  return (
    <ScrollArea label={words.label} className="flex flex-col">
      <Bar>
        <Button size="sm" variant="solid" onClick={() => setInviting(true)}>
          <UserPlus aria-hidden size={13} />
          {words.invite}
        </Button>
      </Bar>
      <List label={words.label} query={useMembers()} columns={columns} keyOf={({ user }) => user} />
      <OpenInvitations />
      {inviting && <InviteDialog withOwner={mayOwn} onClose={() => setInviting(false)} />}
      {removing && <RemoveMemberDialog member={removing} onClose={() => setRemoving(null)} />}
    </ScrollArea>
  );
}

function Person({ name, email }: { name: string; email: string }) {
  return (
    <span className="flex min-w-0 flex-col py-1">
      <span className="font-medium">{name}</span>
      <span className="text-2xs break-all text-ink-3">{email}</span>
    </span>
  );
}

function RoleSelect({
  label,
  value,
  withOwner,
  onChange,
}: {
  label: string;
  value: Role;
  withOwner: boolean;
  onChange: (role: Role) => void;
}) {
  return (
    <select
      aria-label={label}
      title={peopleTexts.roles[value].may}
      value={value}
      onChange={(event) => onChange(event.target.value as Role)}
      className={`${inputClass} !w-28`}
    >
      <RoleOptions withOwner={withOwner} />
    </select>
  );
}

function OpenInvitations() {
  const query = useInvitations();
  const revoke = useRevokeInvitation();
  const columns: Column<Invitation>[] = [
    { name: words.openColumns.email, cell: ({ email }) => <span className="break-all">{email}</span> },
    { name: words.openColumns.role, cell: ({ role }) => peopleTexts.roles[role].name },
    {
      name: words.openColumns.expires,
      extra: true,
      cell: ({ expiresAt }) => <RelativeTime at={expiresAt} className="text-ink-2" />,
    },
    {
      name: words.openColumns.actions,
      isNameHidden: true,
      numeric: true,
      cell: ({ id, email }) => (
        <Button
          size="sm"
          variant="ghost"
          aria-label={words.revokeOf(email)}
          onClick={() => revoke.mutate(id, { onError: (error) => toast.failed(texts.errors.sentence(error)) })}
        >
          {words.revoke}
        </Button>
      ),
    },
  ];
  const isOpen = ({ status }: Invitation) => status === "open";
  if (query.data?.items.some(isOpen) !== true) return null;
  return (
    <section className="mt-8">
      <h2 className="px-4 pb-2 text-xs font-medium md:px-6">{words.openTitle}</h2>
      <List label={words.openLabel} query={query} columns={columns} keyOf={({ id }) => id} only={isOpen} />
    </section>
  );
}
