// Who may import whom. Types count as much as values: what a module names, it depends on.
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

/** Folders and packages, as patterns over paths from the root. */
const CONTRACT = "^lib/contract/";
const CORE = "^lib/core/";
/** What of the SDK only describes workflows. */
const SDK_WORDS = "^worker-sdk/src/(dsl/|types/|errors\\.ts$|any-workflow\\.ts$)";
const PACKAGES = "node_modules/";
const NODE = ["core"];
const SQL = "node_modules/(pg|drizzle-orm|graphile-worker|@types/pg)/";
const PAGES = "node_modules/(next|react|react-dom|@tanstack|@xyflow|radix-ui|sonner|lucide-react)/";

const CLIENT = clientFiles(["app", "lib"]);

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycle",
      comment: "Modules that need each other are one module in two files.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "A module that is not there.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "contract-knows-nobody",
      comment: "What crosses a process or a disk is described by zod alone.",
      severity: "error",
      from: { path: CONTRACT },
      to: { pathNot: [CONTRACT, "node_modules/zod/"] },
    },
    {
      name: "core-is-pure",
      comment:
        "The core is hosted by the server, the SDK and the browser: it knows the contract and the expression language.",
      severity: "error",
      from: { path: CORE },
      to: { pathNot: [CORE, CONTRACT, "node_modules/@marcbachmann/cel-js/"] },
    },
    {
      name: "core-is-relative",
      comment: "The SDK bundles core and contract: there an alias means nothing.",
      severity: "error",
      from: { path: [CORE, CONTRACT] },
      to: { dependencyTypes: ["aliased"] },
    },
    {
      name: "editor-is-data",
      comment:
        "Editing is data and functions over it: no React, no server. What it shows as TypeScript is compiled by the SDK's own words, which are data too (docs/decisions/0021).",
      severity: "error",
      from: { path: "^lib/editor/", pathNot: "^lib/editor/typescript/" },
      to: { pathNot: ["^lib/editor/", CORE, CONTRACT] },
    },
    {
      name: "typescript-view-knows-the-dsl",
      comment: "Of the SDK the words and their errors, and nothing that runs.",
      severity: "error",
      from: { path: "^lib/editor/typescript/" },
      to: { pathNot: ["^lib/editor/", CORE, CONTRACT, SDK_WORDS] },
    },
    {
      name: "sdk-words-are-pure",
      comment: "The page compiles with them: nothing of Node, and nothing of the SDK that runs, but for types.",
      severity: "error",
      from: { path: SDK_WORDS },
      to: { dependencyTypes: NODE },
    },
    {
      name: "db-knows-rows-only",
      comment: "SQL knows the contract, never who asks.",
      severity: "error",
      from: { path: "^db/" },
      to: { path: ["^lib/(?!contract/)", "^app/", "^server", PAGES] },
    },
    {
      name: "engine-knows-no-transport",
      comment: "The engine says `stale`; that this is 409 is said elsewhere.",
      severity: "error",
      from: { path: "^lib/engine/" },
      to: { path: ["^lib/(http|views|auth|client|editor)/", "^app/", "^server", PAGES] },
    },
    {
      name: "tenancy-knows-no-transport",
      comment: "Organisations, members and keys: rows and rules; of the engine only how a use case answers.",
      severity: "error",
      from: { path: "^lib/tenancy/" },
      to: {
        path: [
          "^lib/(http|views|client|editor|core|mail)/",
          "^lib/engine/(?!outcome\\.ts$)",
          "^lib/auth/(?!(permissions|api-keys)\\.ts$)",
          "^app/",
          "^server",
          PAGES,
        ],
      },
    },
    {
      name: "views-only-read",
      comment: "Rows to response bodies: whatever writes is out of reach.",
      severity: "error",
      from: { path: "^lib/views/" },
      to: { path: ["^lib/(http|engine|auth|client|editor)/", "^db/stores/", "^app/", "^server", PAGES] },
    },
    {
      name: "http-is-not-the-page",
      comment: "Routes are Web-standard handlers that run without Next.js.",
      severity: "error",
      from: { path: "^lib/http/" },
      to: { path: ["^lib/(client|editor)/", "^db/(stores|schema)/", "^app/", "^server", PAGES] },
    },
    {
      name: "client-knows-no-server",
      comment: "What runs in a browser knows editor, core, contract and client.",
      severity: "error",
      from: { path: ["^lib/client/", ...CLIENT] },
      to: {
        path: ["^lib/(?!(client|editor|core|contract)/)", "^db/", "^server", "^worker-sdk/", SQL],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "client-knows-no-node",
      comment: "A browser has none of Node's modules.",
      severity: "error",
      from: { path: ["^lib/client/", ...CLIENT] },
      to: { dependencyTypes: NODE },
    },
    {
      name: "pages-ask-the-read-side",
      comment: "A page renders; it neither decides nor holds SQL.",
      severity: "error",
      from: { path: "^app/" },
      to: { path: ["^db/", SQL] },
    },
    {
      name: "sql-has-its-place",
      comment: "Outside db/, only the engine's composition root, jobs and listening connection touch a driver.",
      severity: "error",
      from: { path: "^(lib|server)", pathNot: "^lib/engine/" },
      to: { path: SQL },
    },
    {
      name: "sdk-stands-alone",
      comment: "The published package bundles contract, core and a JSON Schema validator, and depends on nothing.",
      severity: "error",
      from: { path: "^worker-sdk/src/" },
      to: {
        pathNot: ["^worker-sdk/src/", CORE, CONTRACT, "node_modules/@cfworker/json-schema/"],
        dependencyTypesNot: NODE,
      },
    },
    {
      name: "production-knows-no-tests",
      comment: "Tests, benches and examples look at the code, not the code at them.",
      severity: "error",
      from: { path: "^(app|lib|db|worker-sdk/src|server)" },
      to: { path: "^(tests|bench|examples|scripts)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: join(__dirname, "tsconfig.json") },
    doNotFollow: { path: PACKAGES },
    exclude: { path: "^(\\.next|dist|coverage)/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
    combinedDependencies: true,
  },
};

/**
 * Patterns of the files that say "use client" first.
 * @param {string[]} folders
 * @returns {string[]}
 */
function clientFiles(folders) {
  return folders
    .flatMap((folder) => list(folder).map((name) => `${folder}/${name}`))
    .filter(
      (file) =>
        /\.tsx?$/.test(file) && /^(\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*["']use client["']/.test(readFileSync(file, "utf8")),
    )
    .map((file) => `^${file.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}

/** @param {string} folder */
function list(folder) {
  try {
    return readdirSync(folder, { recursive: true }).map(String);
  } catch {
    return [];
  }
}
