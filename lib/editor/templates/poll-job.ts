/** A job that runs elsewhere: started once, asked after until it is over, and called off when it takes too long. */
import { commentsAbove, type Template } from "./template";

export const pollJob: Template = {
  id: "poll",
  title: "Poll a job",
  sentence: "Starts a job elsewhere, asks for its state ever less often, and calls it off after two hours.",
  name: "run_export",
  definition: {
    description: "Run an export elsewhere and wait for it",
    inputSchema: {
      type: "object",
      required: ["dataset"],
      properties: {
        dataset: { type: "string", title: "Data set" },
        format: { type: "string", title: "Format", enum: ["csv", "parquet"] },
      },
    },
    nodes: [
      {
        id: "start_job",
        type: "task",
        task: "start_export",
        input: { dataset: "=input.dataset", format: '=has(input.format) ? input.format : "csv"' },
      },
      {
        id: "watch_job",
        type: "task",
        task: "read_export_state",
        input: { job: "=steps.start_job.output.job" },
        poll: {
          until: 'output.state == "done" || output.state == "failed"',
          interval: "15s",
          backoff: 1.5,
          timeout: "2h",
        },
      },
      { id: "outcome", type: "choice", cases: [{ port: "done", when: 'steps.watch_job.output.state == "done"' }] },
      {
        id: "publish_result",
        type: "task",
        task: "publish_export",
        input: { url: "=steps.watch_job.output.url" },
      },
      { id: "cancel_job", type: "task", task: "cancel_export", input: { job: "=steps.start_job.output.job" } },
      { id: "too_slow", type: "fail", code: "EXPORT_TOO_SLOW", message: "The export was called off." },
      { id: "job_failed", type: "fail", code: "EXPORT_FAILED", message: "The export failed where it ran." },
    ],
    edges: [
      { from: "start_job", to: "watch_job" },
      { from: "watch_job", to: "outcome" },
      { from: "watch_job", port: "error", to: "cancel_job" },
      { from: "outcome", port: "done", to: "publish_result" },
      { from: "outcome", port: "otherwise", to: "job_failed" },
      { from: "cancel_job", to: "too_slow" },
    ],
    output: { url: "=steps.watch_job.output.url" },
  },
  layout: {
    comments: commentsAbove(
      "Each question is a round: 15 seconds apart at first, then ever longer. No worker is held between two of them.",
      "until sees the last answer. What is neither done nor failed is asked again, for two hours at most.",
      "The error way: when the two hours are over, or the state cannot be read, the job is called off before the execution fails.",
    ),
  },
};
