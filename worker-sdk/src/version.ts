/** The package's version, as workers report it; `npm run check` compares it with package.json. */
export const SDK_VERSION = "0.1.0";
