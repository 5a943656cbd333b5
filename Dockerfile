# The portal as an image: `portal` (the last stage) serves, `tools` runs the operator's commands. docs/operations.md says how.
FROM node:24-trixie-slim AS tools
WORKDIR /srv/portal
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
ENV NODE_ENV=production PORTAL_DATABASE_FILE=/data/portal.db
RUN install -d -o node -g node -m 0700 /data
USER node
ENTRYPOINT ["node", "--import", "./scripts/ts-alias.mjs", "scripts/portal.ts"]
CMD ["help"]

FROM tools AS build
USER root
RUN PORTAL_STANDALONE=1 node scripts/build.mjs

FROM node:24-trixie-slim AS portal
RUN install -d -o node -g node -m 0700 /data
WORKDIR /srv/portal
COPY --from=build /srv/portal/.next/standalone ./
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOSTNAME=0.0.0.0 PORT=3000 PORTAL_DATABASE_FILE=/data/portal.db
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]
