# A service, or the command, alone: node, its libraries and one bundle; no shell, no package manager, no user but 1000.
#
#   docker build -f docker/service.Dockerfile --build-arg SERVICE=processor -t fireworks/processor .
#   docker build -f docker/service.Dockerfile --build-arg SERVICE=cli --build-arg FOLDER=apps/cli -t fireworks/cli .
#
# Bundles are the same on every platform: for another one (`--platform linux/arm64`) only node and its libraries differ.
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
ARG SERVICE=metronome
ARG FOLDER=services/${SERVICE}
COPY scripts/build.ts scripts/bundled-packages.ts scripts/
COPY packages packages
COPY ${FOLDER} ${FOLDER}
RUN node scripts/build.ts ${FOLDER}

FROM scratch
ARG SERVICE=metronome
ARG FOLDER=services/${SERVICE}
ARG PORT=8080
COPY --from=runtime /runtime /
WORKDIR /app
COPY --from=build /src/${FOLDER}/package.json /src/${FOLDER}/dist/*.js /src/${FOLDER}/dist/packages.json ./
ENV PATH=/usr/local/bin NODE_ENV=production FIREWORKS_HOST=0.0.0.0
USER 1000:1000
EXPOSE ${PORT}
ENTRYPOINT ["node", "main.js"]

ARG TITLE="Fireworks ${SERVICE}"
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=
ARG LICENSES=NOASSERTION
LABEL org.opencontainers.image.title="${TITLE}" \
	org.opencontainers.image.version="${VERSION}" \
	org.opencontainers.image.revision="${REVISION}" \
	org.opencontainers.image.source="${SOURCE}" \
	org.opencontainers.image.licenses="${LICENSES}"
