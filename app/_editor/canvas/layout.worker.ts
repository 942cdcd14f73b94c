/** Lays graphs out beside the page, so that no key that is pressed waits for it. */
import type { Shape } from "@/lib/editor/canvas/layout";
import { layShape } from "./lay";

self.onmessage = ({ data }: MessageEvent<Shape>) => self.postMessage(layShape(data));
