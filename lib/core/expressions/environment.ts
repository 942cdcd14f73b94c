/** The one CEL environment, the same in server, SDK and browser: what expressions may name, and how numbers mix. */
import { Environment } from "@marcbachmann/cel-js";
import { spelled } from "./loop-word";

/** What every expression may read: everything in it hangs on one of these, or on one of {@link LOCAL_ROOTS}. */
export const COMMON_ROOTS = ["input", "steps", "execution"] as const;
/** What there is only in some places: in a map, in a nested map, in a loop, and in `poll.until`. */
export const LOCAL_ROOTS = ["item", "index", "outer", "loop", "output", "round"] as const;
export const ROOTS = [...COMMON_ROOTS, ...LOCAL_ROOTS] as const;
export type Root = (typeof ROOTS)[number];

export const MAX_EXPRESSION_LENGTH = 4096;
const MAX_AST_NODES = 2000;
const MAX_DEPTH = 64;

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

/** JSON's numbers are doubles; without these overloads `input.n + 1` would be refused, for 1 is an int. */
function mixNumbers(environment: Environment): Environment {
  for (const [operator, compute] of Object.entries(ARITHMETIC)) {
    const onNumbers = (a: number | bigint, b: number | bigint) => compute(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int: double`, onNumbers);
    environment.registerOperator(`int ${operator} double: double`, onNumbers);
  }
  environment.registerOperator("double % double: double", (a: number, b: number) => a % b);
  environment.registerOperator("double == int: bool", (a: number, b: bigint) => a === Number(b));
  return environment;
}

function createEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: MAX_AST_NODES, maxDepth: MAX_DEPTH },
  });
  for (const root of ROOTS) environment.registerVariable(spelled(root), "dyn");
  return mixNumbers(environment);
}

export const environment = createEnvironment();
