# The Spark engine on the official image: the processor's driver and its executors, and the PySpark metronome.
#
#   docker build -f docker/engine-spark.Dockerfile -t fireworks/engine-spark .
#
# What runs is said by the chart: `driver` and `executor` are known to the base's entry point, spark-submit is in the PATH.
ARG SPARK_IMAGE=apache/spark:4.0.0

FROM ${SPARK_IMAGE} AS build
USER root
# A base image of your own may have them. The folder: Java's package needs it, and slim images have none.
RUN command -v mvn && command -v javac || { mkdir -p /usr/share/man/man1 && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends maven openjdk-17-jdk-headless >/dev/null; }
# Maven trusts what the system does, and Java's own roots where there is no such bundle.
COPY docker/SystemRoots.java /
RUN [ ! -f /etc/ssl/certs/ca-certificates.crt ] || java /SystemRoots.java /etc/ssl/certs/ca-certificates.crt /roots.p12
# A mirror of Maven Central; empty: Maven Central itself.
ARG MAVEN_URL=
RUN echo "<settings>${MAVEN_URL:+<mirrors><mirror><id>mirror</id><mirrorOf>central</mirrorOf><url>$MAVEN_URL</url></mirror></mirrors>}</settings>" >/maven.xml
COPY engines/spark/pom.xml /build/engines/spark/
COPY engines/spark/src/main /build/engines/spark/src/main
COPY engines/python/src/fireworks_engine/settings.json /build/engines/python/src/fireworks_engine/
RUN --mount=type=cache,id=fireworks-m2,target=/root/.m2 \
	MAVEN_OPTS="$([ ! -f /roots.p12 ] || echo -Djavax.net.ssl.trustStore=/roots.p12 -Djavax.net.ssl.trustStorePassword=changeit)" \
	mvn -q -B -s /maven.xml -f /build/engines/spark/pom.xml package -DskipTests

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
