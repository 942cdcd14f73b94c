"use client";
/** The settings of what is selected: a node, an edge, several things, a comment; of the workflow where nothing is. */
import { useEditor } from "../use-editor";
import { CommentForm } from "./comment-form";
import { EdgeForm } from "./edge-form";
import { ofEdge } from "./focus-field";
import { ManyForm } from "./many-form";
import { NodeForm } from "./node-form";
import { WorkflowForm } from "./workflow-form";

export function EditorInspector() {
  const selection = useEditor((state) => state.selection);
  const { nodes, edges, comments } = selection;
  const [node, edge, comment] = [nodes[0], edges[0], comments[0]];
  const count = nodes.length + edges.length + comments.length;
  if (count === 0) return <WorkflowForm />;
  if (count > 1) return <ManyForm selection={selection} />;
  // Each by itself: what was typed into one and not written is not the other's.
  if (node !== undefined) return <NodeForm key={node} id={node} />;
  if (edge !== undefined) return <EdgeForm key={ofEdge(edge.scope, edge.edge)} {...edge} />;
  return comment === undefined ? null : <CommentForm key={comment} id={comment} />;
}
