"use client";
/** The button that begins a workflow; its dialog comes with the first click. */
import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "@/lib/client/permissions";
import { newWorkflowTexts as words } from "@/lib/client/texts/workflows";
import { Button } from "../_ui/button";

const NewWorkflowDialog = dynamic(() => import("./new-workflow-dialog").then((module) => module.NewWorkflowDialog), {
  ssr: false,
});

export function NewWorkflow({ size }: { size?: "sm" }) {
  const mayPublish = useMay("publish");
  const [isOpen, setOpen] = useState(false);
  if (!mayPublish) return null;
  return (
    <>
      <Button variant="solid" {...(size ? { size } : {})} onClick={() => setOpen(true)}>
        <Plus aria-hidden size={14} />
        {words.button}
      </Button>
      {isOpen && <NewWorkflowDialog onClose={() => setOpen(false)} />}
    </>
  );
}
