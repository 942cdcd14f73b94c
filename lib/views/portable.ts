/**
 * One execution as a page that opens anywhere: the viewer that the build made, and behind it the export, compressed and in
 * base64, so that nothing that users wrote is ever markup. docs/portable-file.md describes the file.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { Queryable } from "@/db/client";
import type { ExecutionDetailRow } from "@/db/queries/executions";
import { bindingEvents } from "@/db/queries/portable-file";
import { allRows } from "@/db/queries/query";
import { END_BLOCK, HISTORY_BLOCK, VERSIONS_BLOCK } from "@/lib/contract/portable-page";
import { toInstant } from "@/lib/core/time";
import { exportHistory } from "@/lib/views/history-export";
import { readWorkflowVersion } from "@/lib/views/workflows";

/** Of large values, as JSON text: those beyond are left out, and the viewer says which. */
const VALUES_MAX_BYTES = 32 * 1024 * 1024;

interface PortableSource {
  reads: Queryable;
  namespaceId: number;
  row: ExecutionDetailRow;
  now: number;
}

/** Null where the execution is gone meanwhile. The pieces, put together, are one document. */
export async function portableFile(source: PortableSource): Promise<AsyncIterable<string> | null> {
  const { reads, namespaceId, row } = source;
  const history = await exportHistory(reads, namespaceId, row.id, { valuesMaxBytes: VALUES_MAX_BYTES });
  return history === null ? null : pieces(await viewer(), history, source);
}

async function* pieces(
  beginning: string,
  history: AsyncIterable<string>,
  source: PortableSource,
): AsyncGenerator<string> {
  yield beginning;
  yield* block(HISTORY_BLOCK, history);
  yield* block(VERSIONS_BLOCK, [JSON.stringify(await otherVersions(source))]);
  yield `<script type="application/json" id="${END_BLOCK}">${JSON.stringify({ madeAt: toInstant(source.now) })}</script>
</body>
</html>
`;
}

/** No browser runs a script of that type. */
async function* block(id: string, texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  yield `<script type="application/gzip" id="${id}">`;
  yield* packed(texts);
  yield "</script>\n";
}

async function* packed(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  // Whoever stops reading, or a text that cannot be read, ends both.
  const compressed = Readable.from(texts).compose<NodeJS.ReadWriteStream & AsyncIterable<Buffer>>(createGzip());
  let rest = Buffer.alloc(0);
  for await (const chunk of compressed) {
    const all = Buffer.concat([rest, chunk]);
    // Base64 ends with padding only where the data ends.
    const whole = all.byteLength - (all.byteLength % 3);
    if (whole > 0) yield all.subarray(0, whole).toString("base64");
    rest = all.subarray(whole);
  }
  yield rest.toString("base64");
}

/** What the history went by before a fork took it to the version that it has now. */
async function otherVersions({ reads, namespaceId, row }: PortableSource): Promise<Record<string, unknown>> {
  if (row.forked_from === null) return {};
  const events = await allRows(reads, bindingEvents(namespaceId, row.id));
  const named = new Set(events.map(({ data }) => (JSON.parse(data) as { version: number }).version));
  const definitions: Record<string, unknown> = {};
  for (const version of named) {
    const published =
      version === row.version ? null : await readWorkflowVersion(reads, namespaceId, row.workflow, version);
    if (published !== null) definitions[version] = published.definition;
  }
  return definitions;
}

let beginning: Promise<string> | null = null;

/** Read once; an installation is never updated under a running server. */
function viewer(): Promise<string> {
  beginning ??= readFile(join(process.cwd(), "dist", "viewer.html"), "utf8").catch((cause: unknown) => {
    beginning = null;
    throw new Error("there is no viewer here for portable files: npm run build", { cause });
  });
  return beginning;
}
