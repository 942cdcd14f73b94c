"use client";
/** What the validator says of the draft: errors stand in the way, warnings are only said. Each leads to its node. */
import { CircleX, TriangleAlert } from "lucide-react";
import { publishTexts as words } from "@/lib/client/texts/editor-publish";
import type { Finding } from "@/lib/contract/findings";
import { useEditorStore } from "../use-editor";
import type { Publication } from "./publication";

export function PublishFindings({
  publication: { errors, warnings },
  isJudged,
  onClose,
}: {
  publication: Publication;
  isJudged: boolean;
  onClose: () => void;
}) {
  const findings = [...errors, ...warnings];
  return (
    <section aria-label={words.findings} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium">{words.findings}</h3>
      {!isJudged ? (
        <p className="text-xs text-ink-3">{words.judging}</p>
      ) : findings.length === 0 ? (
        <p className="text-xs text-ink-2">{words.noFindings}</p>
      ) : (
        <>
          {errors.length > 0 && <p className="text-xs text-danger">{words.blocked(errors.length)}</p>}
          <ul className="flex flex-col gap-1.5">
            {findings.map((finding) => (
              <Item key={`${finding.code} ${finding.path} ${finding.message}`} finding={finding} onClose={onClose} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Item({ finding: { severity, node, message }, onClose }: { finding: Finding; onClose: () => void }) {
  const editor = useEditorStore();
  const Icon = severity === "error" ? CircleX : TriangleAlert;
  return (
    <li data-status={severity === "error" ? "failed" : "paused"} className="flex gap-2 text-xs">
      <Icon aria-hidden size={13} className="mt-0.5 shrink-0 text-tone" />
      <span className="min-w-0 flex-1 break-words text-ink-2">
        {message}{" "}
        {node !== undefined && (
          <button
            type="button"
            onClick={() => {
              editor.reveal(node.split("/").at(-1) ?? node);
              onClose();
            }}
            className="rounded-sm text-accent hover:underline"
          >
            {words.show(node)}
          </button>
        )}
      </span>
    </li>
  );
}
