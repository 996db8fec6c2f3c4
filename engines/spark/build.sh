#!/bin/sh
# Builds the Spark engine: its jar, the connector's jars next to it, and a virtual environment with
# Spark itself. It is safe to run again: parts that are up to date stay. `build.sh test` runs
# ScalaTest and unittest as well. Maven's jars are in ~/.m2 and Spark is in FIREWORKS_CACHE_DIR
# (~/.cache/fireworks), both outside of the source tree.
set -eu
cd "$(dirname "$0")"
[ "${FIREWORKS_CACHE_DIR:-}" ] || FIREWORKS_CACHE_DIR=${HOME:?is not set: set FIREWORKS_CACHE_DIR}/.cache/fireworks
spark=$FIREWORKS_CACHE_DIR/pyspark-4.0.0

need() {
	command -v "$1" >/dev/null && return 0
	echo "The Spark engine needs $1: $2" >&2
	exit 1
}
. ./java.sh
override
need "$java" "a Java from 17 to 21 (Debian: apt-get install openjdk-17-jdk-headless)"
need mvn "Maven 3.8 or later (Debian: apt-get install maven)"
need python3 "Python 3.9 or later, with venv (Debian: apt-get install python3-venv)"

# Maven ignores https_proxy, so its JVM gets the proxy as system properties. (Set a proxy with a
# password in ~/.m2/settings.xml.)
proxy=${https_proxy:-${HTTPS_PROXY:-}}
proxy=${proxy#*://}
proxy=${proxy%%/*}
proxy_flags=
case $proxy in
'' | *@*) ;;
*:*)
	for scheme in http https; do proxy_flags="$proxy_flags -D$scheme.proxyHost=${proxy%:*} -D$scheme.proxyPort=${proxy##*:}"; done
	proxy_flags="$proxy_flags -Dhttp.nonProxyHosts=localhost|127.* -Daether.connector.http.useSystemProperties=true"
	;;
esac
export MAVEN_OPTS="${MAVEN_OPTS:-} $locale_flags$proxy_flags"

# The environment gets its name only when it is complete. So after a kill -9 it is created again.
if ! cmp -s requirements.txt "$spark/requirements.txt"; then
	echo "Spark 4.0.0 from PyPI (434 MB, once)"
	rm -rf "$spark" "$spark.new"
	python3 -m venv "$spark.new"
	"$spark.new/bin/python" -m pip install -q --no-cache-dir --require-hashes -r requirements.txt
	cp requirements.txt "$spark.new/requirements.txt"
	mv "$spark.new" "$spark"
fi

sources() { find pom.xml src ../python/src/fireworks_engine/settings.json -type f -newer target/fireworks-spark.jar; }
if [ "${1:-}" = test ]; then
	mvn -q -B package
	PYTHONPATH=metronome "$spark/bin/python" -m unittest discover -s metronome/test -t metronome
elif [ ! -f target/fireworks-spark.jar ] || [ ! -d target/lib ] || [ -n "$(sources)" ]; then
	echo "The Spark engine's jar, by Maven"
	mvn -q -B package -DskipTests
fi
