#!/bin/sh
# Runs all tests, and ends with one plain line: "N passed, N failed". Run by `sh bootstrap.sh test`,
# which provides Node, pnpm, the packages and the build.
set -u
cd "$(dirname "$0")/.." || exit 1
started=$(date +%s)
reports=$(mktemp -d) || exit 1
trap 'rm -rf "$reports"' EXIT

step() { printf '\n[test %4d s] %s\n' $(($(date +%s) - started)) "$*"; }

# The browser suite drives a real Chromium: Debian's, or any that CHROMIUM names.
find_chromium() {
	[ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && return 0
	for name in chromium chromium-browser google-chrome; do
		CHROMIUM=$(command -v "$name") && export CHROMIUM && return 0
	done
	if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
		step "installing chromium (apt-get)"
		apt-get update -qq >/dev/null 2>&1
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null 2>&1
		CHROMIUM=$(command -v chromium) && export CHROMIUM && return 0
	fi
	echo "The browser suite needs Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM to its path." >&2
	return 1
}

suite() {
	name=$1
	shift
	step "$name"
	"$@" >"$reports/$name.log" 2>&1
	code=$?
	if [ $code -eq 0 ]; then tail -n 3 "$reports/$name.log"; else cat "$reports/$name.log"; fi
	printf '{"name":"%s","code":%d}\n' "$name" $code >>"$reports/steps.jsonl"
}

# run_tests NAME [FILE...]: replaces this shell, so that a signal to its pid reaches the tests.
run_tests() {
	name=$1
	shift
	exec node_modules/.bin/vitest run --project "$name" --reporter=default --reporter=json --outputFile.json="$reports/$name.json" "$@"
}

tests() {
	step "$1"
	(run_tests "$@")
}

# The settings of the devcontainer's build (mirrors) that are set. Only the bootstrap.sh of the
# cluster suite knows them; the other suites run without them.
build_settings() { env | sed -n 's/^\(FIREWORKS_\(DOCKER_CLI\|BUILDX\|KIND\|KUBECTL\|HELM\)_\(URL\|SHA256\)\)=.*/\1/p'; }
without_build_settings() (
	for name in $(build_settings) FIREWORKS_DEVCONTAINER_IMAGE; do unset "$name"; done
	"$@"
)

# testable_engines: prints the engine tests that the tools of this machine can run. Reports on
# standard error what is left out, and why.
testable_engines() {
	if ! python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
		echo "engines: left out, for there is no Python 3.11 or later with venv: both the Python and the Spark engine need it" >&2
		return
	fi
	if command -v mvn >/dev/null && command -v javac >/dev/null; then
		echo "engines: topic-made-again is left out, for its restarts of Spark take five minutes: node_modules/.bin/vitest run --project engines tests/engines/topic-made-again" >&2
		echo tests/engines/command tests/engines/python tests/engines/spark tests/engines/refused tests/engines/future
	else
		echo "the Spark engine: left out, for there is no Maven or no JDK" >&2
		echo tests/engines/command tests/engines/python
	fi
}

# The cluster suite runs next to all others but the browser's, whose pictures have to come in time:
# it waits much of its time for pods. Its output comes when it has ended.
cluster=
start_cluster() {
	step "cluster, next to what follows"
	run_tests cluster >"$reports/cluster.log" 2>&1 &
	cluster=$!
	# A shell starts such a command with SIGINT ignored.
	trap 'kill "$cluster" 2>/dev/null; wait "$cluster"; exit 130' INT TERM
}
end_cluster() {
	step "waiting for cluster"
	wait "$cluster"
	trap - INT TERM
	cat "$reports/cluster.log"
}

suite check pnpm check
suites="unit bootstrap charts integration faults"
if docker info >/dev/null 2>&1; then
	start_cluster
else
	step "cluster: left out, for no Docker engine answers here"
fi
without_build_settings tests unit
without_build_settings tests bootstrap
without_build_settings tests charts
without_build_settings tests integration
without_build_settings tests faults --reporter=./tests/faults/table-reporter.ts
engines=$(testable_engines)
if [ -n "$engines" ]; then
	suites="$suites engines"
	# shellcheck disable=SC2086 # file names
	without_build_settings tests engines $engines
fi
if [ -n "$cluster" ]; then
	suites="$suites cluster"
	end_cluster
fi
find_chromium
suites="$suites browser"
without_build_settings tests browser

step "done"
# shellcheck disable=SC2086 # names
node scripts/test-summary.ts "$reports" $suites
