/** A trial out of a file's text, or what is planned for one step, refused with a sentence where a run of it would not do what is written there. */
import type { Definition } from "../../contract/definition";
import { type Trial, type TrialAnswer, trialAnswerSchema, trialSchema } from "../../contract/trials";
import { durationFaults, placeFaults, type TrialFault } from "../../core/trials/trial-faults";

/** Neither: the text is no JSON. */
export type ReadTrial =
  | { readonly trial: Trial; readonly fault: null }
  | { readonly trial: null; readonly fault: TrialFault | null };

export function readTrial(text: string, draft: Definition): ReadTrial {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { trial: null, fault: null };
  }
  const { data, error } = trialSchema.safeParse(json);
  const [fault] =
    data === undefined ? shapeFaults(error.issues) : [...durationFaults(data), ...placeFaults(data, draft)];
  return data === undefined || fault !== undefined
    ? { trial: null, fault: fault ?? null }
    : { trial: data, fault: null };
}

const answersSchema = trialAnswerSchema.array().min(1);

/** What one step comes to, dispatch by dispatch. Paths of faults begin at the list. */
export function readAnswers(
  json: unknown,
): { readonly answers: readonly TrialAnswer[] } | { readonly fault: TrialFault } {
  const { data, error } = answersSchema.safeParse(json);
  const [fault] = data === undefined ? shapeFaults(error.issues) : durationFaults({ steps: { "": data } });
  if (fault !== undefined) return { fault: { ...fault, path: fault.path.replace(/^\/steps\/(?=\/)/, "") } };
  return { answers: data ?? [] };
}

function shapeFaults(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): TrialFault[] {
  return issues.map(({ path, message }) => ({ path: path.map((part) => `/${String(part)}`).join(""), message }));
}
