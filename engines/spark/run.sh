#!/bin/sh
# Runs a part of the Spark engine on this machine: `run.sh processor` or `run.sh metronome`. Run
# build.sh first. With exec this process becomes the service itself. So a supervisor sees the
# service's pid, and its signals reach the service.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ "${FIREWORKS_CACHE_DIR:-}" ] || FIREWORKS_CACHE_DIR=${HOME:?is not set: set FIREWORKS_CACHE_DIR}/.cache/fireworks
spark=$FIREWORKS_CACHE_DIR/pyspark-4.0.0
home=$(echo "$spark"/lib/python3.*/site-packages/pyspark)
[ -d "$home" ] && [ -f "$here/target/fireworks-spark.jar" ] || { echo "The Spark engine is not built: sh engines/spark/build.sh" >&2; exit 78; }
. "$here/java.sh"

case "${1:-}" in
processor)
	# The program itself reports a value that is not a number.
	case ${FIREWORKS_SPARK_HEAP_MB:=1024} in *[!0-9]* | '') heap=1024 ;; *) heap=$FIREWORKS_SPARK_HEAP_MB ;; esac
	override "-Xms$((heap / 2))m" "-Xmx${heap}m"
	exec "$java" "@$here/java-options" "-Xms$((heap / 2))m" "-Xmx${heap}m" -Dfireworks.service=processor \
		-cp "$here/target/fireworks-spark.jar:$here/target/lib/*:$home/jars/*" fireworks.processor.Main
	;;
metronome)
	override
	export SPARK_HOME="$home" PYTHONPATH="$here/metronome:$here/../python/src"
	exec "$spark/bin/python" -m fireworks_metronome
	;;
*)
	echo "run.sh processor | metronome" >&2
	exit 64
	;;
esac
