/** What validation says about how nodes hang together: ids, edges, ports, joins. */
import type { Definition, Node } from "../../contract/definition";
import type { Finding } from "../../contract/findings";
import { DEFAULT_PORT, ERROR_PORT, OTHERWISE_PORT, portsOf } from "./graph";

export function checkIds({ nodes }: Definition): Finding[] {
  if (nodes.length === 0) {
    return [{ code: "EMPTY_GRAPH", severity: "error", path: "/nodes", message: "Add a node: the graph has none." }];
  }
  const first = new Map<string, number>();
  return nodes.flatMap(({ id }, i): Finding[] => {
    const earlier = first.get(id);
    if (earlier === undefined) {
      first.set(id, i);
      return [];
    }
    const message = `Give this node another id: node ${earlier} is called ${id}, too.`;
    return [{ code: "DUPLICATE_ID", severity: "error", path: `/nodes/${i}/id`, node: id, message }];
  });
}

export function checkEdges({ nodes, edges }: Definition): Finding[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const findings: Finding[] = [];
  edges.forEach(({ from, port = DEFAULT_PORT, to }, i) => {
    const source = byId.get(from);
    for (const [end, id] of [
      ["from", from],
      ["to", to],
    ] as const) {
      if (byId.has(id)) continue;
      const message = `There is no node ${id}: name one that there is, or take the edge out.`;
      findings.push({ code: "UNKNOWN_NODE", severity: "error", path: `/edges/${i}/${end}`, message });
    }
    if (source === undefined || portsOf(source).includes(port)) return;
    const path = `/edges/${i}${port === DEFAULT_PORT ? "" : "/port"}`;
    findings.push({ code: "UNKNOWN_PORT", severity: "error", path, node: from, message: unknownPort(source, port) });
  });
  return findings;
}

function unknownPort(source: Node, port: string): string {
  const ports = portsOf(source);
  if (ports.length === 0) return `${source.id} is a ${source.type} node, after which nothing runs: take the edge out.`;
  return `${source.id} has no port ${port}: use one of ${ports.join(", ")}.`;
}

export function checkJoins({ nodes, edges }: Definition): Finding[] {
  const incoming = new Map<string, number>();
  for (const { to } of edges) incoming.set(to, (incoming.get(to) ?? 0) + 1);
  return nodes.flatMap(({ id, join }, i): Finding[] => {
    const count = incoming.get(id) ?? 0;
    if (typeof join !== "number" || (join >= 1 && join <= count)) return [];
    const message = `${id} waits for ${join} of its ${count} incoming edges: use a number from 1 to ${count}, any or all.`;
    return [{ code: "JOIN_OUT_OF_RANGE", severity: "error", path: `/nodes/${i}/join`, node: id, message }];
  });
}

/** A choice whose cases may all fail ends its path there, silently. */
export function checkOtherwise({ nodes, edges }: Definition): Finding[] {
  const covered = new Set(edges.filter(({ port }) => port === OTHERWISE_PORT).map(({ from }) => from));
  return nodes.flatMap(({ id, type }, i): Finding[] => {
    if (type !== "choice" || covered.has(id)) return [];
    const message = `Say what happens if no case of ${id} holds: add an edge on its port ${OTHERWISE_PORT}.`;
    return [{ code: "NO_OTHERWISE", severity: "warning", path: `/nodes/${i}`, node: id, message }];
  });
}

/** `error` is the engine's own: an edge on it is taken when a step fails, never because someone chose it. */
export function checkReservedPorts({ nodes }: Definition): Finding[] {
  return nodes.flatMap((node, i): Finding[] => {
    const chosen =
      node.type === "task"
        ? (node.ports ?? []).map((port, at) => ({ port, path: `/nodes/${i}/ports/${at}` }))
        : node.type === "choice"
          ? node.cases.map(({ port }, at) => ({ port, path: `/nodes/${i}/cases/${at}/port` }))
          : [];
    return chosen
      .filter(({ port }) => port === ERROR_PORT)
      .map(({ path }) => ({
        code: "RESERVED_PORT",
        severity: "error",
        path,
        node: node.id,
        message: `Call this port of ${node.id} something else: ${ERROR_PORT} is for steps that failed.`,
      }));
  });
}
