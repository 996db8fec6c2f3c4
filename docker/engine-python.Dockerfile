# The Python engine's image: python, its libraries, the locked packages and the engine. It has no
# shell, no package manager, no pip, and no user name but that of 1000.
#
#   docker buildx bake engine-python
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
# A PyPI mirror. Empty means PyPI itself.
ARG PIP_INDEX_URL=
COPY engines/python/requirements.lock /
# Every package is installed as a wheel and verified against its hash in the lock file. So nothing
# is compiled, and no script of a package runs.
RUN --mount=type=cache,id=fireworks-pip,target=/root/.cache/pip \
	python3 -m pip install --quiet --disable-pip-version-check --no-input --root-user-action=ignore --only-binary :all: --require-hashes \
	${PIP_INDEX_URL:+--index-url=$PIP_INDEX_URL} --target /runtime/app/packages -r /requirements.lock
COPY docker/python-root.sh /
RUN sh /python-root.sh /runtime
COPY engines/python/src/fireworks_engine /runtime/app/packages/fireworks_engine
# A clone made under umask 077 has files that only their owner can read.
RUN chmod -R u=rwX,go=rX /runtime/app/packages/fireworks_engine
# Compile the bytecode here, because the root file system may be read-only at run time. The bytecode
# contains the hash of its source and not a date, because dates differ from build to build.
RUN python3 -m compileall -q -j 0 --invalidation-mode unchecked-hash -s /runtime /runtime/app/packages && chmod -R a+rX /runtime/app

FROM scratch
COPY --from=build /runtime /
WORKDIR /app
ENV PATH=/usr/local/bin:/usr/bin PYTHONPATH=/app/packages PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 FIREWORKS_HOST=::
# Any other user works too, for example OpenShift's, because the process writes no files.
USER 1000:1000
EXPOSE 8082
ENTRYPOINT ["python3", "-m", "fireworks_engine"]
