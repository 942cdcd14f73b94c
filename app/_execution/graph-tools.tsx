"use client";
/** The buttons over the graph: zoom, fit, critical path, follow. */
import { Panel, useReactFlow } from "@xyflow/react";
import { LocateFixed, Maximize, Minus, Plus, Spline } from "lucide-react";
import { timelineTexts, graphTexts as words } from "@/lib/client/texts/timeline";
import { Button } from "../_ui/button";
import { classNames } from "../_ui/class-names";

export const FIT = { padding: 0.1, maxZoom: 1 };

interface ToolsProps {
  path: boolean;
  onPath: (shown: boolean) => void;
  /** null: there is nothing to follow. */
  following: boolean | null;
  onFollow: (following: boolean) => void;
}

export function GraphTools({ path, onPath, following, onFollow }: ToolsProps) {
  const flow = useReactFlow();
  const buttons = [
    { label: words.zoomOut, icon: Minus, act: () => flow.zoomOut({ duration: 150 }) },
    { label: words.zoomIn, icon: Plus, act: () => flow.zoomIn({ duration: 150 }) },
    { label: words.fit, icon: Maximize, act: () => flow.fitView({ duration: 200, ...FIT }) },
    { label: timelineTexts.path, icon: Spline, act: () => onPath(!path), pressed: path },
    ...(following === null
      ? []
      : [{ label: words.follow, icon: LocateFixed, act: () => onFollow(!following), pressed: following }]),
  ];
  return (
    <Panel position="bottom-left" className="!m-3 flex rounded-md border bg-raised">
      {buttons.map(({ label, icon: Icon, act, pressed }) => (
        <Button
          key={label}
          variant="ghost"
          size="sm"
          aria-label={label}
          aria-pressed={pressed}
          title={label}
          onClick={act}
          className={classNames("px-1.5", pressed && "bg-active text-ink")}
        >
          <Icon aria-hidden size={14} />
        </Button>
      ))}
    </Panel>
  );
}
