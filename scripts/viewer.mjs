// @ts-check
// Builds the beginning of every portable file: one document that holds the viewer with its styles and fonts, and asks nobody
// for anything. What follows in a file is data alone; docs/portable-file.md says how.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Read by the server, which appends a history to it. */
export const VIEWER = "dist/viewer.html";

const PARTS = "app/_portable/viewer";

/** What the pages have from Next.js, and what a worker would do, as far as a file can. */
const INSTEAD = {
  "next/dynamic": `${PARTS}/dynamic.tsx`,
  "next/link": `${PARTS}/link.tsx`,
  "next/navigation": `${PARTS}/navigation.ts`,
};
const LAYOUT_IN_WORKER = /\/use-graph-layout$/;

/** Latin only: other scripts fall back to the reader's own fonts. */
const FONTS = [
  { family: "Inter Variable", file: "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2" },
  {
    family: "JetBrains Mono Variable",
    file: "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
  },
];

/** @param {string} root */
export async function buildViewer(root) {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { viewer: `${PARTS}/main.tsx`, theme: `${PARTS}/theme.ts` },
    outdir: "out",
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    charset: "utf8",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    alias: Object.fromEntries(Object.entries(INSTEAD).map(([name, file]) => [name, join(root, file)])),
    plugins: [
      {
        name: "lay graphs out here",
        setup({ onResolve }) {
          onResolve({ filter: LAYOUT_IN_WORKER }, () => ({ path: join(root, `${PARTS}/use-graph-layout.ts`) }));
        },
      },
    ],
    logLevel: "silent",
  });
  const output = (/** @type {string} */ name) => outputFiles.find(({ path }) => path.endsWith(name))?.text ?? "";
  const drawn = Object.keys(metafile.inputs).filter((file) => file.startsWith("app/"));
  const styles = [fontFaces(root), await tokens(root, drawn), output("viewer.css")].join("\n");
  mkdirSync(join(root, dirname(VIEWER)), { recursive: true });
  writeFileSync(
    join(root, VIEWER),
    documentOf({ theme: output("theme.js"), viewer: output("viewer.js"), styles, icon: iconOf(root) }),
  );
}

/**
 * The policy lets in these two scripts by what they are; no other can run, whatever stands in the data. Its nonce is no
 * secret: it lets style sheets in that the viewer's own libraries write, and nothing in the data is markup.
 * @param {{ theme: string, viewer: string, styles: string, icon: string }} parts
 */
function documentOf({ theme, viewer, styles, icon }) {
  const scripts = [theme, viewer].map(inScript);
  const nonce = hashOf(styles).slice(0, 16);
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map((script) => `'sha256-${hashOf(script)}'`).join(" ")}`,
    `style-src 'nonce-${nonce}'`,
    "font-src data:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Execution · Cerebelum</title>
<link rel="icon" href="${icon}">
<style nonce="${nonce}">${inStyle(styles)}</style>
<script>${scripts[0]}</script>
</head>
<body>
<div id="viewer"></div>
<noscript>This file draws the history of an execution with a script of its own. Open it where scripts may run.</noscript>
<script>${scripts[1]}</script>
`;
}

/** The tokens and the classes that the viewer's own files use. @param {string} root @param {string[]} drawn */
async function tokens(root, drawn) {
  const from = join(root, "app", "globals.css");
  const require = createRequire(createRequire(from).resolve("@tailwindcss/postcss"));
  const { default: tailwind } = await import("@tailwindcss/postcss");
  const sources = drawn.map((file) => `@source "${join(root, file)}";`).join("\n");
  const text = readFileSync(from, "utf8")
    .replace('@import "tailwindcss";', '@import "tailwindcss" source(none);')
    .replaceAll(/@import "@fontsource.*\n/g, "")
    .replace(/(?=@custom-variant)/, `${sources}\n`);
  const { css } = await require("postcss")([tailwind({ base: root, optimize: { minify: true } })]).process(text, {
    from,
  });
  return css;
}

/** @param {string} root */
function fontFaces(root) {
  const require = createRequire(join(root, "package.json"));
  return FONTS.map(({ family, file }) => {
    const data = readFileSync(require.resolve(file)).toString("base64");
    return `@font-face{font-family:"${family}";font-weight:100 900;font-display:swap;src:url(data:font/woff2;base64,${data}) format("woff2")}`;
  }).join("\n");
}

/** @param {string} root */
function iconOf(root) {
  return `data:image/svg+xml;base64,${readFileSync(join(root, "public", "icon.svg")).toString("base64")}`;
}

/** @param {string} text */
function hashOf(text) {
  return createHash("sha256").update(text).digest("base64");
}

/** Neither ends nor comments out the element that it stands in. @param {string} text */
function inScript(text) {
  return text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
}

/** @param {string} text */
function inStyle(text) {
  return text.replaceAll("</style", "<\\/style");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  await buildViewer(dirname(dirname(fileURLToPath(import.meta.url))));
