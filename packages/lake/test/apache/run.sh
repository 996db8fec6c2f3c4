#!/bin/sh
# Runs the lake's contract suite on Apache's own REST catalog too. It needs Java 17, Maven and curl,
# and downloads 84 MB the first time. From the root of the clone:
# sh packages/lake/test/apache/run.sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
port=$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => {
  console.log(s.address().port); s.close() })')

mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/jars"
CATALOG_WAREHOUSE="file://$work/warehouse" CATALOG_REST_PORT="$port" REST_PORT="$port" \
	java -cp "$work/jars/*" org.apache.iceberg.rest.RESTCatalogServer >"$work/catalog.log" 2>&1 &
catalog=$!
trap 'kill "$catalog"; rm -rf "$work"' EXIT

until curl -sf "http://127.0.0.1:$port/v1/config" >/dev/null; do
	kill -0 "$catalog" || { cat "$work/catalog.log"; exit 1; }
	sleep 0.2
done
LAKE_TEST_REST_CATALOG="http://127.0.0.1:$port" \
	pnpm vitest run --project unit packages/lake/test/contract.test.ts
