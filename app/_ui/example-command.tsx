"use client";
/** Commands that run an example against this very server. */
import { useSyncExternalStore } from "react";
import { texts } from "@/lib/client/texts";
import { CommandLine } from "./command-line";

const never = () => () => {};

/** Where the browser reached this server; empty until scripts draw. */
export function useOrigin(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
}

/** Publishes the onboarding, serves its steps and starts one. */
export function ExampleCommand() {
  return <CommandLine command={texts.executions.exampleCommand(useOrigin())} />;
}
