/** Published workflows over the API. */
import type { PublishedVersion, PublishedWorkflow, PublishedWorkflowDetail } from "../types/answers";
import type { Page } from "../types/executions";
import { type ApiCalls, query, segment } from "./api-calls";

export class Workflows {
  constructor(private readonly calls: ApiCalls) {}

  /** By name, each with its latest version and its executions by status. */
  list(options: { limit?: number; cursor?: string } = {}): Promise<Page<PublishedWorkflow>> {
    return this.calls.read(`/workflows${query(options)}`);
  }

  /** With all its versions. */
  get(name: string): Promise<PublishedWorkflowDetail> {
    return this.calls.read(`/workflows/${segment(name)}`);
  }

  /** No new executions; running ones go on. Publishing it again takes it back in. */
  archive(name: string): Promise<void> {
    return this.calls.remove(`/workflows/${segment(name)}`);
  }

  /** With its definition; it never changes. */
  version(name: string, version: number): Promise<PublishedVersion> {
    return this.calls.read(`/workflows/${segment(name)}/versions/${version}`);
  }
}
