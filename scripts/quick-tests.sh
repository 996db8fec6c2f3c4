#!/bin/sh
# Runs the suites that need no broker, no browser and no Docker: `pnpm test [FILE...]`. Says at the
# end which suites it left out. `pnpm test:all` runs all of them.
cd "$(dirname "$0")/.." || exit 1

projects="--project unit"
left_out="bootstrap, integration, browser, faults, engines, cluster"
if command -v helm >/dev/null; then
	projects="$projects --project charts"
else
	left_out="charts (no helm in PATH), $left_out"
fi

# shellcheck disable=SC2086 # options
pnpm exec vitest run $projects "$@"
code=$?
echo "Left out: $left_out. \`pnpm test:all\` runs everything."
exit $code
