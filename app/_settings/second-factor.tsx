"use client";
/** Turning the second factor on (a code to scan, a first proof, codes to keep) and off. */
import { useState } from "react";
import { encode } from "uqr";
import { beginSecondFactor, endSecondFactor, giveSecondFactor } from "@/lib/client/people";
import { useSecondFactor } from "@/lib/client/settings";
import { texts } from "@/lib/client/texts";
import { peopleTexts } from "@/lib/client/texts/people";
import { Button } from "../_ui/button";
import { Field, Input } from "../_ui/field";
import { toast } from "../_ui/toast";
import { ShownOnce } from "./shown-once";

const words = peopleTexts.settings.profile;

interface Begun {
  totpURI: string;
  backupCodes: string[];
}

export function SecondFactor() {
  const factor = useSecondFactor();
  const [begun, setBegun] = useState<Begun | null>(null);
  const isOn = factor.data === true;
  if (begun !== null)
    return (
      <Prove
        begun={begun}
        onProven={() => {
          setBegun(null);
          toast.done(words.isOn);
          void factor.refetch();
        }}
      />
    );
  return (
    <form
      method="post"
      className="flex max-w-sm flex-col gap-3"
      onSubmit={async (event) => {
        event.preventDefault();
        const password = String(new FormData(event.currentTarget).get("password"));
        event.currentTarget.reset();
        const ended = isOn ? await endSecondFactor(password) : await beginSecondFactor(password);
        if (!ended.ok)
          return toast.failed(ended.status === 400 ? words.wrongPassword : peopleTexts.account.refusal(ended.status));
        if (!isOn) return setBegun(ended.value as Begun);
        toast.done(words.isOff);
        void factor.refetch();
      }}
    >
      <p className="text-ink-2">{isOn ? words.factorOn : words.factorOff}</p>
      <Field label={words.current}>
        {(field) => <Input {...field} name="password" type="password" required autoComplete="current-password" />}
      </Field>
      <Button type="submit" disabled={factor.data === undefined} className="self-start">
        {isOn ? words.turnOff : words.turnOn}
      </Button>
    </form>
  );
}

function Prove({ begun: { totpURI, backupCodes }, onProven }: { begun: Begun; onProven: () => void }) {
  const secret = new URL(totpURI).searchParams.get("secret") ?? "";
  return (
    <form
      method="post"
      className="flex max-w-sm flex-col gap-4"
      onSubmit={async (event) => {
        event.preventDefault();
        const code = String(new FormData(event.currentTarget).get("code")).trim();
        const ended = await giveSecondFactor("code", code);
        if (ended.ok) onProven();
        else toast.failed(peopleTexts.signIn.wrongCode);
      }}
    >
      <p className="text-ink-2">{words.scan}</p>
      <QrCode text={totpURI} />
      <div className="flex flex-col gap-1.5">
        <p className="text-xs text-ink-3">{words.byHand}</p>
        <ShownOnce value={secret} label={texts.common.copyKey} />
      </div>
      <div className="flex flex-col gap-1.5">
        <p className="text-xs text-ink-3">{words.keep}</p>
        <ul className="grid grid-cols-2 gap-x-4 gap-y-1 rounded-md border bg-sunken px-3 py-2 font-mono text-xs">
          {backupCodes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </div>
      <Field label={peopleTexts.account.code} hint={peopleTexts.account.codeHint}>
        {(field) => (
          <Input
            {...field}
            name="code"
            inputMode="numeric"
            pattern="[0-9]{6}"
            maxLength={6}
            required
            autoComplete="one-time-code"
            className="font-mono tracking-widest"
          />
        )}
      </Field>
      <Button type="submit" variant="solid" className="self-start">
        {words.confirm}
      </Button>
    </form>
  );
}

/** Dark on light in both themes: cameras expect it so. */
function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 3 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return (
    <svg role="img" aria-label={words.qr} viewBox={`0 0 ${size} ${size}`} className="size-44 rounded-md bg-[white]">
      <path d={path} fill="black" shapeRendering="crispEdges" />
    </svg>
  );
}
