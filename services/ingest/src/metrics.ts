/** The metrics at /metrics. */
import {
	Counter,
	Gauge,
	Histogram,
	type Registry,
} from "@fireworks/service-kit";
import type { Prepared } from "./records/prepare.ts";

const PREFIX = "fireworks_ingest_";
const SECONDS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30];

export interface Observed {
	requests(): number;
	bytes(): number;
	keys(): number;
	forgotten(): number;
}

export type IngestMetrics = ReturnType<typeof createMetrics>;

export function createMetrics(registry: Registry, observed: Observed) {
	const registers = [registry];
	const gauge = (name: string, help: string, value: () => number) =>
		new Gauge({
			name: PREFIX + name,
			help,
			registers,
			collect() {
				this.set(value());
			},
		});
	const counter = (name: string, help: string, labelNames: string[]) =>
		new Counter({
			name: `${PREFIX}${name}_total`,
			help,
			labelNames,
			registers,
		});
	gauge("requests_in_progress", "Requests in progress", observed.requests);
	gauge("bytes_in_progress", "Bytes of their bodies", observed.bytes);
	gauge("keys", "Idempotency keys with a known answer", observed.keys);
	new Counter({
		name: `${PREFIX}keys_forgotten_total`,
		help: "Keys that were forgotten before their 24 hours, as memory was full",
		registers,
		collect() {
			this.reset();
			this.inc(observed.forgotten());
		},
	});
	const accepted = counter("records", "Records written to a stream", [
		"stream",
	]);
	const refused = counter(
		"refused_records",
		"Records that became dead letters",
		["reason"],
	);
	return {
		requests: counter("requests", "Requests answered, by status", ["status"]),
		refusedRequests: counter(
			"refused_requests",
			"Requests refused as a whole, of which nothing was written",
			["reason"],
		),
		repeatedRequests: counter(
			"repeated_requests",
			"Requests that got the answer of an earlier one with the same key",
			[],
		),
		failures: counter(
			"writer_failures",
			"Failures after which the writer was opened again",
			["code"],
		),
		requestSeconds: new Histogram({
			name: `${PREFIX}request_seconds`,
			help: "From a request's headers to its answer",
			registers,
			buckets: SECONDS,
		}),
		transactionSeconds: new Histogram({
			name: `${PREFIX}transaction_seconds`,
			help: "Duration of a transaction",
			registers,
			buckets: SECONDS,
		}),
		/** The records of a request are written. */
		written(stream: string, { records, reasons }: Prepared): void {
			if (records.length > 0) accepted.inc({ stream }, records.length);
			for (const [reason, count] of reasons) refused.inc({ reason }, count);
		},
	};
}
