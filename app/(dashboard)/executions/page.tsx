/** The executions list. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { texts } from "@/lib/client/texts";
import { ExecutionsRoom } from "../../_executions/executions-room";

export const metadata: Metadata = { title: texts.executions.title };

export default function ExecutionsPage() {
  return (
    <Suspense>
      <ExecutionsRoom initial={null} />
    </Suspense>
  );
}
