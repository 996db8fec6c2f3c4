#!/bin/sh
# Builds the Spark engine: its jar, the connector's jars beside it, and a virtual environment with Spark itself.
# Safe to run again: what is there and up to date is left. `build.sh test` runs ScalaTest and pytest as well.
# Kept outside of the tree: Maven's jars in ~/.m2, Spark in FIREWORKS_CACHE_DIR (~/.cache/fireworks).
set -eu
cd "$(dirname "$0")"
[ "${FIREWORKS_CACHE_DIR:-}" ] || FIREWORKS_CACHE_DIR=$HOME/.cache/fireworks
spark=$FIREWORKS_CACHE_DIR/pyspark-4.0.0

need() {
	command -v "$1" >/dev/null && return 0
	echo "The Spark engine needs $1: $2" >&2
	exit 1
}
need java "a Java of 17 or 21 (Debian: apt-get install openjdk-17-jdk-headless)"
need mvn "Maven 3.8 or later (Debian: apt-get install maven)"
need python3 "Python 3.9 or later, with venv (Debian: apt-get install python3-venv)"

# Half an environment is none: it gets its name when it is whole.
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
