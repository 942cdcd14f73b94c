// Tailwind CSS is the only step between our style sheets and the browser.
export default { plugins: { "@tailwindcss/postcss": {} } };
