"use client";
/** All about one node. */
import { useMemo } from "react";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import type { Definition, Node } from "@/lib/contract/definition";
import { nodeOf, type Path } from "@/lib/editor/document";
import { nodeFields, valueAt } from "@/lib/editor/fields/form-fields";
import { writeText } from "@/lib/editor/fields/read-text";
import { useEditor } from "../use-editor";
import { Alternatives, hiddenFields, saysTheWay } from "./alternatives";
import { ofNode } from "./focus-field";
import { Form } from "./form";
import { NodeHeader, Ways } from "./node-header";
import { type Subject, SubjectProvider } from "./subject";

export function NodeForm({ id }: { id: string }) {
  const definition = useEditor(({ session }) => session.present.definition);
  const found = nodeOf(definition, id);
  const node = found?.node ?? null;
  const { defaults } = definition;
  const subject = useMemo(() => node && nodeSubject(node, defaults), [node, defaults]);
  if (found === null || subject === null) return null;
  const hidden = hiddenFields(found.node);
  const fields = nodeFields(found.node.type)
    .filter(({ name }) => !hidden.has(name))
    .map((field) => (saysTheWay(found.node, field.name) ? { ...field, isOptional: false } : field));
  const hasWays = found.node.type === "sleep" || found.node.type === "fail";
  return (
    <SubjectProvider subject={subject}>
      <NodeHeader node={found.node} scope={found.scope} />
      <Form label={words.fieldsOf(id)} fields={fields} lead={hasWays ? <Alternatives /> : null}>
        <Ways id={id} />
      </Form>
    </SubjectProvider>
  );
}

function nodeSubject(node: Node, defaults: Definition["defaults"]): Subject {
  return {
    key: ofNode(node.id),
    node: node.id,
    target: node,
    read: (path) => valueAt(node, path),
    isMixed: () => false,
    edit: (path, value) => ({ type: "set-node", node: node.id, path, ...(value === undefined ? {} : { value }) }),
    fallback: (field, path) => defaultAt(defaults, path) ?? field.fallback,
  };
}

/** The workflow's own, of a task's queue, retry and timeout, and of those that undo it. */
function defaultAt(defaults: Definition["defaults"], path: Path): string | null {
  const at = path[0] === "body" || (path[0] === "compensate" && path[1] !== "queue") ? path.slice(1) : path;
  const value = valueAt(defaults, at);
  return typeof value === "string" || typeof value === "number" ? writeText(value) : null;
}
