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

suite check pnpm check
suites="unit integration browser faults"
without_build_settings tests unit
without_build_settings tests integration
find_chromium
without_build_settings tests browser
without_build_settings tests faults --reporter=./tests/faults/table-reporter.ts
if docker info >/dev/null 2>&1; then
	suites="$suites cluster"
	tests cluster
else
	step "cluster: left out, for no Docker engine answers here"
fi

step "done"
# shellcheck disable=SC2086 # names
node scripts/test-summary.ts "$reports" $suites
