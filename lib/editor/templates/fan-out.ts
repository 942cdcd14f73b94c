/** The same small graph for each of many items, some at a time; what fails of them stops nothing. */
import { commentsAbove, type Template } from "./template";

export const fanOut: Template = {
  id: "fan-out",
  title: "Fan out over items",
  sentence: "Works on each item of a list, five at a time, counts what became of them, and reports what failed.",
  name: "process_images",
  definition: {
    description: "Resize all images of an album",
    inputSchema: {
      type: "object",
      required: ["album"],
      properties: { album: { type: "string", title: "Album" } },
    },
    nodes: [
      { id: "list_images", type: "task", task: "list_images", input: { album: "=input.album" } },
      {
        id: "each_image",
        type: "map",
        items: "=steps.list_images.output",
        concurrency: 5,
        failure: "continue",
        body: {
          nodes: [
            { id: "resize", type: "task", task: "resize_image", input: { image: "=item", number: "=index" } },
            { id: "store", type: "task", task: "store_image", input: { file: "=steps.resize.output" } },
          ],
          edges: [{ from: "resize", to: "store" }],
          output: "=steps.store.output",
        },
      },
      {
        id: "count",
        type: "transform",
        value: {
          done: '=size(steps.each_image.output.filter(each, each.status == "completed"))',
          failed: '=size(steps.each_image.output.filter(each, each.status != "completed"))',
        },
      },
      { id: "any_failed", type: "choice", cases: [{ port: "yes", when: "steps.count.output.failed > 0" }] },
      {
        id: "report_failures",
        type: "task",
        task: "report_failures",
        input: { album: "=input.album", failed: "=steps.count.output.failed" },
      },
      { id: "all_done", type: "succeed", output: "=steps.count.output" },
    ],
    edges: [
      { from: "list_images", to: "each_image" },
      { from: "each_image", to: "count" },
      { from: "count", to: "any_failed" },
      { from: "any_failed", port: "yes", to: "report_failures" },
      { from: "any_failed", port: "otherwise", to: "all_done" },
    ],
    output: "=steps.count.output",
  },
  layout: {
    comments: commentsAbove(
      "The body runs once an item. It sees item and index, its own steps, and those before the map; never another item's.",
      "failure: continue lets the others go on. The map's output is one entry an item, with its status and its output or error.",
      "Five at a time: an item that sleeps or backs off gives its place to the next one.",
    ),
  },
};
