# The server in a container: production dependencies and a finished build, run by a user who can write nothing of it.
# `docker build -t cerebelum .`; the database is given by DATABASE_URL, see docs/deployment.md.
ARG NODE=node:22-slim

FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY worker-sdk/package.json worker-sdk/
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
# What only a next build would use.
RUN node scripts/build.mjs && rm -rf .next/cache dist/.sources

FROM ${NODE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY worker-sdk/package.json worker-sdk/
# Optional are PostgreSQL's own binaries and what builds pages; install scripts would only prepare those.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE}
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
COPY LICENSE package.json next.config.js ./
COPY public public
COPY db/migrations db/migrations
COPY scripts/serve.mjs scripts/health.mjs scripts/rotate-data-keys.mjs scripts/
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/.next .next
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "scripts/health.mjs"]
# Node itself is the first process: it handles its signals and starts no children whom it would have to reap.
CMD ["node", "--enable-source-maps", "--max-semi-space-size=64", "scripts/serve.mjs"]
