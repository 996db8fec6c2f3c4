# The Spark engine's image, based on the official one: the processor's driver and executors, and the
# PySpark metronome.
#
#   docker buildx bake engine-spark
#
# The chart chooses what runs: the entry point of the base image has the commands `driver` and
# `executor`, and spark-submit is in the PATH.
ARG SPARK_IMAGE=apache/spark:4.0.0

FROM ${SPARK_IMAGE} AS build
USER root
# Install Maven and a JDK, unless your own base image has them. Java's package needs the folder
# man1, which slim images lack.
RUN command -v mvn && command -v javac || { mkdir -p /usr/share/man/man1 && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends maven openjdk-17-jdk-headless >/dev/null; }
# Maven trusts the system's certificates, or Java's own roots if the system has no bundle.
COPY docker/SystemRoots.java /
RUN [ ! -f /etc/ssl/certs/ca-certificates.crt ] || java /SystemRoots.java /etc/ssl/certs/ca-certificates.crt /roots.p12
# A mirror of Maven Central. Empty means Maven Central itself.
ARG MAVEN_URL=
RUN echo "<settings>${MAVEN_URL:+<mirrors><mirror><id>mirror</id><mirrorOf>central</mirrorOf><url>$MAVEN_URL</url></mirror></mirrors>}</settings>" >/maven.xml
COPY engines/spark/pom.xml /build/engines/spark/
COPY engines/spark/src/main /build/engines/spark/src/main
COPY engines/python/src/fireworks_engine/settings.json /build/engines/python/src/fireworks_engine/
RUN --mount=type=cache,id=fireworks-m2,target=/root/.m2 \
	MAVEN_OPTS="$([ ! -f /roots.p12 ] || echo -Djavax.net.ssl.trustStore=/roots.p12 -Djavax.net.ssl.trustStorePassword=changeit)" \
	mvn -q -B -s /maven.xml -f /build/engines/spark/pom.xml package -DskipTests
COPY engines/spark/metronome/fireworks_metronome /programs/fireworks_metronome
COPY engines/python/src/fireworks_engine/__init__.py engines/python/src/fireworks_engine/settings.py engines/python/src/fireworks_engine/unknown_variables.py engines/python/src/fireworks_engine/exit_codes.py engines/python/src/fireworks_engine/kafka_security.py engines/python/src/fireworks_engine/settings.json /programs/fireworks_engine/
# A clone made under umask 077 has files that only their owner can read.
RUN chmod -R u=rwX,go=rX /programs /build/engines/spark/target/fireworks-spark.jar /build/engines/spark/target/lib

FROM ${SPARK_IMAGE}
# Put the jars next to Spark's own, so the driver and the executors need no download.
COPY --from=build /build/engines/spark/target/fireworks-spark.jar /build/engines/spark/target/lib/ /opt/spark/jars/
COPY --from=build /programs /opt/fireworks
ENV FIREWORKS_HOST=:: PYTHONDONTWRITEBYTECODE=1
USER 185
EXPOSE 8081 8082
