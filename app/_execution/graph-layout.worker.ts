/** Runs the layout beside the page, so that a large graph never blocks it. */
import { type LayoutInput, layoutGraph } from "./graph-layout";

self.onmessage = ({ data }: MessageEvent<LayoutInput>) => self.postMessage(layoutGraph(data));
