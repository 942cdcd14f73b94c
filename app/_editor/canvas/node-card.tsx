"use client";
/** A node on the canvas: what it is, what it does, what is said of it, and its outcomes at its side. A map lies around what is in it. */
import { Handle, type NodeProps, Position, useStore } from "@xyflow/react";
import { memo } from "react";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import { ERROR_PORT } from "@/lib/core/definition/ports";
import { HEAD_HEIGHT, portY, sidePorts } from "@/lib/editor/canvas/ports";
import { classNames } from "../../_ui/class-names";
import { ERROR_INSET, type StepNode, TARGET } from "./elements";
import { FindingsMark, JoinPill, NodeHead } from "./node-head";

/** Below this zoom the letters cannot be read. */
const FAR = 0.4;

export const NodeCard = memo(function NodeCard({ id, data, width, height, selected }: NodeProps<StepNode>) {
  const isFar = useStore((store) => store.transform[2] < FAR);
  const { drawn, errors, warnings, status } = data;
  const isOpen = drawn.body === "unfolded";
  return (
    <div
      data-status={status ?? undefined}
      style={{ width, height }}
      className={classNames(
        "node-card group relative rounded-lg border",
        isOpen ? "bg-sunken/70" : "bg-raised",
        status === null ? "border-line-strong" : "border-tone-fill",
        status === "skipped" && "border-dashed opacity-70",
        errors > 0 && status === null && "has-errors",
        selected && "is-selected",
      )}
    >
      <Handle
        id={TARGET}
        type="target"
        position={Position.Left}
        isConnectableStart={false}
        isConnectable={!data.isReadOnly}
        style={{ top: HEAD_HEIGHT / 2 }}
        className={classNames("port", drawn.edgesIn > 1 && "is-join")}
      />
      {!isFar && <NodeHead id={id} data={data} />}
      {isFar && (
        <span
          className={classNames(
            "absolute inset-x-3 flex items-center text-[24px] leading-none font-medium text-ink-2",
            isOpen ? "top-4" : "inset-y-0",
          )}
        >
          <span className="truncate pb-1">{id}</span>
        </span>
      )}
      <JoinPill drawn={drawn} />
      <FindingsMark errors={errors} warnings={warnings} />
      <Ports data={data} isFar={isFar} />
    </div>
  );
});

function Ports({ data: { drawn, isReadOnly }, isFar }: { data: StepNode["data"]; isFar: boolean }) {
  const side = sidePorts(drawn.ports);
  const count = drawn.body === "unfolded" ? 1 : side.length;
  const error = drawn.ports.find(({ port }) => port === ERROR_PORT);
  return (
    <>
      {side.map(({ port, to, when }, index) => (
        <div key={port}>
          {count > 1 && !isFar && (
            <span
              title={words.portWhen(port, when)}
              style={{ top: portY(index, count) - 10 }}
              className={classNames(
                "absolute right-3 flex h-5 max-w-[calc(100%-24px)] items-center gap-1.5 text-2xs",
                to.length > 0 ? "text-ink-2" : "text-ink-3",
              )}
            >
              {when !== null && <span className="truncate font-mono text-[10px] text-ink-3">{when}</span>}
              <span className="shrink-0 font-medium">{port}</span>
            </span>
          )}
          <Handle
            id={port}
            type="source"
            position={Position.Right}
            isConnectableEnd={false}
            isConnectable={!isReadOnly}
            title={words.portWhen(port, when)}
            style={{ top: portY(index, count) }}
            className="port"
          />
        </div>
      ))}
      {error && (
        <Handle
          id={ERROR_PORT}
          type="source"
          position={Position.Bottom}
          isConnectableEnd={false}
          isConnectable={!isReadOnly}
          title={words.port(drawn.id, ERROR_PORT)}
          style={{ left: "auto", right: ERROR_INSET, transform: "translate(50%, 50%)" }}
          className={classNames("port is-error", error.to.length === 0 && "is-unused")}
        />
      )}
    </>
  );
}
