/** What the TypeScript compiler says of modules, under `strict`, with the package's own sources in its place. */
import { join } from "node:path";
import ts from "typescript";

export function complaintsOf(modules: ReadonlyMap<string, string>): string[] {
  const root = process.cwd();
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: ["node"],
    paths: { "@/*": ["./*"], "@cerebelum/sdk": ["./worker-sdk/src/index.ts"] },
    configFilePath: join(root, "tsconfig.json"),
  };
  const host = ts.createCompilerHost(options);
  const sources = new Map([...modules].map(([name, source]) => [join(root, "tests/editor", `${name}.ts`), source]));
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.getSourceFile = (file, language, ...rest) => {
    const source = sources.get(file);
    return source === undefined ? getSourceFile(file, language, ...rest) : ts.createSourceFile(file, source, language);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map((each) => {
      const line = source?.getLineAndCharacterOfPosition(each.start ?? 0).line ?? 0;
      return `${file.slice(root.length + 14)}:${line + 1} ${ts.flattenDiagnosticMessageText(each.messageText, "\n")}`;
    });
  });
}
