#!/bin/sh
# All tests, one suite after the other, with one plain line at the end: "N passed, N failed".
# Run by `sh bootstrap.sh test`, which brings Node, pnpm, the packages and the build.
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

tests() {
	name=$1
	shift
	step "$name"
	pnpm exec vitest run --project "$name" --reporter=default --reporter=json --outputFile.json="$reports/$name.json" "$@"
}

# Settings of the devcontainer's build (mirrors): only the cluster suite's bootstrap.sh knows them.
build_settings() { env | sed -n 's/^\(FIREWORKS_\(DOCKER_CLI\|BUILDX\|KIND\|KUBECTL\|HELM\)_\(URL\|SHA256\)\)=.*/\1/p'; }
without_build_settings() (
	for name in $(build_settings) FIREWORKS_DEVCONTAINER_IMAGE; do unset "$name"; done
	"$@"
)

# testable_engines: the engines' test files that can run with the tools that are here; says on standard error what is left out, and why.
testable_engines() {
	if ! python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
		echo "engines: left out, for there is no Python 3.11 or later with venv: both the Python and the Spark engine need it" >&2
		return
	fi
	echo tests/engines/command tests/engines/python
	if command -v mvn >/dev/null && command -v javac >/dev/null; then
		echo tests/engines/spark
	else
		echo "the Spark engine: left out, for there is no Maven or no JDK" >&2
	fi
}

suite check pnpm check
suites="unit charts integration browser faults"
without_build_settings tests unit
without_build_settings tests charts
without_build_settings tests integration
find_chromium
without_build_settings tests browser
without_build_settings tests faults --reporter=./tests/faults/table-reporter.ts
engines=$(testable_engines)
if [ -n "$engines" ]; then
	suites="$suites engines"
	# shellcheck disable=SC2086 # file names
	without_build_settings tests engines $engines
fi
if docker info >/dev/null 2>&1; then
	suites="$suites cluster"
	tests cluster
else
	step "cluster: left out, for no Docker engine answers here"
fi

step "done"
# shellcheck disable=SC2086 # names
node scripts/test-summary.ts "$reports" $suites
