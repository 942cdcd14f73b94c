"use client";
/** Inviting somebody, whose link is shown this once, and removing a member. */
import { useState } from "react";
import { useInvite, useRemoveMember } from "@/lib/client/settings";
import { texts } from "@/lib/client/texts";
import { peopleTexts } from "@/lib/client/texts/people";
import type { InvitationMade, Member } from "@/lib/contract/organisations";
import type { Role } from "@/lib/contract/permissions";
import { Dialog } from "../_ui/dialog";
import { Field, Input, inputClass } from "../_ui/field";
import { FormDialog } from "../_ui/form-dialog";
import { toast } from "../_ui/toast";
import { RoleOptions } from "./role-options";
import { ShownOnce } from "./shown-once";

const words = peopleTexts.settings.members;

export function InviteDialog({ withOwner, onClose }: { withOwner: boolean; onClose: () => void }) {
  const invite = useInvite();
  const [made, setMade] = useState<InvitationMade | null>(null);
  if (made !== null) {
    return (
      <Dialog open onOpenChange={onClose} title={words.inviteTitle} description={words.invited}>
        <div className="px-5 py-4">
          <ShownOnce value={made.link} label={texts.common.copyCommand} />
        </div>
      </Dialog>
    );
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.inviteTitle}
      description={words.inviteHint}
      submit={words.invite}
      busy={invite.isPending}
      error={invite.error}
      onSubmit={(data) =>
        invite.mutate(
          { email: String(data.get("email")).trim(), role: String(data.get("role")) as Role },
          { onSuccess: setMade },
        )
      }
    >
      <Field label={words.email}>
        {(field) => <Input {...field} name="email" type="email" required maxLength={320} autoComplete="off" />}
      </Field>
      <Field label={words.role}>
        {(field) => (
          <select {...field} name="role" defaultValue="member" className={inputClass}>
            <RoleOptions withOwner={withOwner} />
          </select>
        )}
      </Field>
    </FormDialog>
  );
}

export function RemoveMemberDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const remove = useRemoveMember();
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.removeTitle(member.email)}
      description={words.removeHint}
      submit={words.remove}
      danger
      busy={remove.isPending}
      error={remove.error}
      onSubmit={() =>
        remove.mutate(member.user, {
          onSuccess: () => {
            toast.done(words.removed);
            onClose();
          },
        })
      }
    />
  );
}
