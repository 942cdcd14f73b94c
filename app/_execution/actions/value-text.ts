"use client";
/** A value as text to edit: nothing until somebody wants to, then what it is; loaded first where it lies beside its event. */
import { useState } from "react";
import { type ParsedInput, parseInput } from "@/lib/client/input-check";
import { useLargeValue } from "@/lib/client/queries";
import type { JsonValue } from "@/lib/contract/json";
import type { Carried } from "../timeline-model";

export interface EditedValue {
  isEdited: boolean;
  text: string;
  parsed: ParsedInput;
  isLoading: boolean;
  begin: () => void;
  change: (text: string) => void;
  drop: () => void;
}

export function useEditedValue(executionId: string, carried: Carried): EditedValue {
  const [isEdited, setIsEdited] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const ref = carried !== null && "ref" in carried ? carried.ref : null;
  const large = useLargeValue(executionId, ref?.hash ?? "", isEdited && ref !== null);
  const value: JsonValue | undefined = ref === null ? jsonOf(carried) : large.data;
  const text = typed ?? (value === undefined ? "" : JSON.stringify(value, null, 2));
  return {
    isEdited,
    text,
    parsed: parseInput(text),
    isLoading: isEdited && ref !== null && large.isPending,
    begin: () => setIsEdited(true),
    change: setTyped,
    drop: () => {
      setIsEdited(false);
      setTyped(null);
    },
  };
}

function jsonOf(carried: Carried): JsonValue | undefined {
  return carried !== null && "json" in carried ? carried.json : undefined;
}
