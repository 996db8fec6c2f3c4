# The Spark engine on the official image: the processor's driver and its executors, and the PySpark metronome.
#
#   docker build -f docker/engine-spark.Dockerfile -t fireworks/engine-spark .
#
# What runs is said by the chart: `driver` and `executor` are known to the base's entry point, spark-submit is in the PATH.
ARG SPARK_IMAGE=apache/spark:4.0.0

FROM ${SPARK_IMAGE} AS build
USER root
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends maven openjdk-17-jdk-headless >/dev/null
COPY engines/spark/pom.xml /build/engines/spark/
COPY engines/spark/src/main /build/engines/spark/src/main
COPY engines/python/src/fireworks_engine/settings.json /build/engines/python/src/fireworks_engine/
RUN --mount=type=cache,id=fireworks-m2,target=/root/.m2 mvn -q -B -f /build/engines/spark/pom.xml package -DskipTests

FROM ${SPARK_IMAGE}
# Beside Spark's own, so that driver and executors have them without a download.
COPY --from=build /build/engines/spark/target/fireworks-spark.jar /build/engines/spark/target/lib/ /opt/spark/jars/
COPY engines/spark/metronome/fireworks_metronome /opt/fireworks/fireworks_metronome
COPY engines/python/src/fireworks_engine/__init__.py engines/python/src/fireworks_engine/settings.py engines/python/src/fireworks_engine/exit_codes.py engines/python/src/fireworks_engine/kafka_security.py engines/python/src/fireworks_engine/settings.json /opt/fireworks/fireworks_engine/
ENV FIREWORKS_HOST=0.0.0.0 PYTHONDONTWRITEBYTECODE=1
USER 185
EXPOSE 8081 8082

ARG TITLE="Fireworks Spark engine"
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=
ARG LICENSES=NOASSERTION
LABEL org.opencontainers.image.title="${TITLE}" \
	org.opencontainers.image.version="${VERSION}" \
	org.opencontainers.image.revision="${REVISION}" \
	org.opencontainers.image.source="${SOURCE}" \
	org.opencontainers.image.licenses="${LICENSES}"
