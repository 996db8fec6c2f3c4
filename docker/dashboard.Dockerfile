# The page: node, its libraries, and what `next build` (output: standalone) needs at run time; no shell, no package manager, no user but 1000.
#
#   docker build -f docker/dashboard.Dockerfile -t fireworks/dashboard .
ARG NODE_IMAGE=node:24-bookworm-slim

# --- the same in every Dockerfile of a Node image, so that building all of them takes one install (a test compares them) ---

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS pnpm
# An npm mirror; empty: npm's own.
ARG NPM_REGISTRY=
COPY package.json /
RUN npm install --prefix /pnpm --no-audit --no-fund --loglevel=error ${NPM_REGISTRY:+--registry=$NPM_REGISTRY} "$(node -p 'require("/package.json").packageManager')"

# Packages come by the lockfile alone: a change of a script in package.json or of a source fetches nothing.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS packages
ARG NPM_REGISTRY=
ENV PATH=/pnpm/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /src
COPY --from=pnpm /pnpm /pnpm
COPY .npmrc pnpm-lock.yaml pnpm-workspace.yaml ./
COPY patches patches
RUN --mount=type=cache,id=fireworks-pnpm,target=/store \
	pnpm fetch --store-dir=/store ${NPM_REGISTRY:+--registry=$NPM_REGISTRY}
COPY package.json tsconfig.base.json ./
COPY apps/cli/package.json apps/cli/
COPY apps/dashboard/package.json apps/dashboard/
COPY packages/client/package.json packages/client/
COPY packages/contracts/package.json packages/contracts/
COPY packages/local-kafka/package.json packages/local-kafka/
COPY packages/service-kit/package.json packages/service-kit/
COPY packages/streams/package.json packages/streams/
COPY packages/wiener/package.json packages/wiener/
COPY services/metronome/package.json services/metronome/
COPY services/middleware/package.json services/middleware/
COPY services/processor/package.json services/processor/
# Offline where the fetched packages are still there; where only the cache mount was emptied, it fetches again instead of failing.
RUN --mount=type=cache,id=fireworks-pnpm,target=/store \
	pnpm install --prefer-offline --frozen-lockfile --store-dir=/store ${NPM_REGISTRY:+--registry=$NPM_REGISTRY}

# node and its libraries, of the platform that the image is for.
FROM ${NODE_IMAGE} AS runtime
COPY docker/runtime-root.sh /
RUN sh /runtime-root.sh /runtime

# --- the same up to here ---

FROM packages AS build
COPY packages/client packages/client
COPY packages/contracts packages/contracts
COPY apps/dashboard apps/dashboard
COPY scripts/bundled-packages.ts scripts/installed-packages.ts scripts/
RUN node apps/dashboard/scripts/build.ts
RUN node scripts/installed-packages.ts apps/dashboard apps/dashboard/.next/standalone/apps/dashboard/packages.json

FROM scratch
COPY --from=runtime /runtime /
COPY --from=build /src/apps/dashboard/.next/standalone /app
WORKDIR /app/apps/dashboard
# A pod's runtime sets HOSTNAME to the pod's name, which listens on one address only: charts set it again.
ENV PATH=/usr/local/bin NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 PORT=3000 HOSTNAME=0.0.0.0
USER 1000:1000
EXPOSE 3000
ENTRYPOINT ["node", "server.js"]

ARG TITLE="Fireworks dashboard"
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=
ARG LICENSES=NOASSERTION
LABEL org.opencontainers.image.title="${TITLE}" \
	org.opencontainers.image.version="${VERSION}" \
	org.opencontainers.image.revision="${REVISION}" \
	org.opencontainers.image.source="${SOURCE}" \
	org.opencontainers.image.licenses="${LICENSES}"
