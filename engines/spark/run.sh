#!/bin/sh
# Runs a part of the Spark engine on this machine: `run.sh processor`, `run.sh metronome`. build.sh comes before it.
# exec: the process is the service itself, so signals and its pid are what a supervisor takes them for.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ "${FIREWORKS_CACHE_DIR:-}" ] || FIREWORKS_CACHE_DIR=$HOME/.cache/fireworks
spark=$FIREWORKS_CACHE_DIR/pyspark-4.0.0
home=$(echo "$spark"/lib/python3.*/site-packages/pyspark)
[ -d "$home" ] && [ -f "$here/target/fireworks-spark.jar" ] || { echo "The Spark engine is not built: sh engines/spark/build.sh" >&2; exit 78; }
[ "${JAVA_HOME:-}" ] && java=$JAVA_HOME/bin/java || java=java

case "${1:-}" in
processor)
	# What is no number is told by the program.
	case ${FIREWORKS_SPARK_HEAP_MB:=1024} in *[!0-9]* | '') heap=1024 ;; *) heap=$FIREWORKS_SPARK_HEAP_MB ;; esac
	exec "$java" "@$here/java-options" "-Xms$((heap / 2))m" "-Xmx${heap}m" -Dfireworks.service=processor \
		-cp "$here/target/fireworks-spark.jar:$here/target/lib/*:$home/jars/*" fireworks.processor.Main
	;;
metronome)
	export SPARK_HOME="$home" PYTHONPATH="$here/metronome:$here/../python/src"
	exec "$spark/bin/python" -m fireworks_metronome
	;;
*)
	echo "run.sh processor | metronome" >&2
	exit 64
	;;
esac
