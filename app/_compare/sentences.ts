/** Where two executions part, said in one sentence. */
import { texts } from "@/lib/client/texts";
import { compareTexts } from "@/lib/client/texts/compare";
import type { Divergence } from "./compare-model";

const words = compareTexts.sentence;

export function divergenceSentence({ kind, pair: { key, left, right } }: Divergence): string {
  switch (kind) {
    case "missing":
      return words.missing(key, left !== null);
    case "status": {
      const said = (row: typeof left) => (row === null ? "" : texts.status[row.status]);
      return words.status(key, said(left), said(right), left?.error?.code ?? null);
    }
    case "port":
      return words.port(key, left?.port ?? "–", right?.port ?? "–");
    case "error":
      return words.error(key, left?.error?.code ?? "–", right?.error?.code ?? "–");
    case "input":
      return words.input(key);
    case "output":
      return words.output(key);
  }
}
