/**
 * The stages of the pipeline. Its input comes by HTTP, to services/ingest, which
 * `sh bootstrap.sh up --ingest` starts (docs/build/http-ingest.md):
 *
 *     curl -H 'Content-Type: application/json' localhost:8084/streams/example-readings \
 *       -d '{"device":"a","at":"2026-01-01T00:00:00Z","temperature":31,"humidity":null}'
 */
import { filter } from "@fireworks/streams";
import { readings, warm } from "./streams.ts";

const LIMIT = 30;

export const onlyWarm = filter({
	name: "example-only-warm",
	input: readings,
	output: warm,
	keep: ({ value }) => value.temperature !== null && value.temperature > LIMIT,
});
