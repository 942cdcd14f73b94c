/** Writes a definition as TypeScript beside the page, for it is compiled to be shown, several times over. */
import type { Definition } from "@/lib/contract/definition";
import { typescriptOf } from "@/lib/editor/typescript/typescript-of";

self.onmessage = ({ data }: MessageEvent<Definition>) => self.postMessage(typescriptOf(data));
