"use client";
/** The command that runs the example against this very server. */
import { useSyncExternalStore } from "react";
import { texts } from "@/lib/client/texts";
import { CommandLine } from "./command-line";

const never = () => () => {};

export function ExampleCommand() {
  const origin = useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
  return <CommandLine command={texts.executions.exampleCommand(origin)} />;
}
