# The Python engine alone: python, its libraries, the locked packages and the engine; no shell, no package manager, no pip, no user but 1000.
#
#   docker build -f docker/engine-python.Dockerfile -t fireworks/engine-python .
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
# A PyPI mirror; empty: PyPI's own.
ARG PIP_INDEX_URL=
COPY engines/python/requirements.lock /
# Every package by the hash in the lock file, as a wheel: nothing is compiled, no script of a package runs.
RUN --mount=type=cache,id=fireworks-pip,target=/root/.cache/pip \
	python3 -m pip install --quiet --disable-pip-version-check --no-input --root-user-action=ignore --only-binary :all: --require-hashes \
	${PIP_INDEX_URL:+--index-url=$PIP_INDEX_URL} --target /runtime/app/packages -r /requirements.lock
COPY docker/python-root.sh /
RUN sh /python-root.sh /runtime
COPY engines/python/src/fireworks_engine /runtime/app/packages/fireworks_engine
# The root file system may be read-only, so the bytecode is made here: checked by content, as dates differ from build to build.
RUN python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash -s /runtime /runtime/app/packages

FROM scratch
COPY --from=build /runtime /
WORKDIR /app
ENV PATH=/usr/local/bin:/usr/bin PYTHONPATH=/app/packages PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 FIREWORKS_HOST=0.0.0.0
USER 1000:1000
EXPOSE 8082
ENTRYPOINT ["python3", "-m", "fireworks_engine"]

ARG TITLE="Fireworks Python engine"
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=
ARG LICENSES=NOASSERTION
LABEL org.opencontainers.image.title="${TITLE}" \
	org.opencontainers.image.version="${VERSION}" \
	org.opencontainers.image.revision="${REVISION}" \
	org.opencontainers.image.source="${SOURCE}" \
	org.opencontainers.image.licenses="${LICENSES}"
