/** Runs the validator beside the page, so that a large workflow never holds up who types. */
import type { Definition } from "@/lib/contract/definition";
import { validateDefinition } from "@/lib/core/definition/validate";

self.onmessage = ({ data }: MessageEvent<{ definition: Definition }>) =>
  self.postMessage(validateDefinition(data.definition));
