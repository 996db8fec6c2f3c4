/** The metrics at /metrics. */
import {
	Counter,
	Gauge,
	Histogram,
	type Registry,
} from "@fireworks/service-kit";
import type { WorkQueue } from "./work-queue.ts";

const PREFIX = "fireworks_lake_query_";
const SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface Observed {
	readonly histories: WorkQueue;
	readonly statements: WorkQueue;
	processes(): number;
}

export type LakeQueryMetrics = ReturnType<typeof createMetrics>;

export function createMetrics(registry: Registry, observed: Observed) {
	const registers = [registry];
	const queues = {
		histories: observed.histories,
		statements: observed.statements,
	};
	const gauge = (
		name: string,
		help: string,
		of: (queue: WorkQueue) => number,
	) =>
		new Gauge({
			name: PREFIX + name,
			help,
			labelNames: ["queue"],
			registers,
			collect() {
				for (const [queue, one] of Object.entries(queues))
					this.set({ queue }, of(one));
			},
		});
	gauge("running", "Queries that run now", (queue) => queue.running);
	gauge(
		"waiting",
		"Queries that wait for their turn",
		(queue) => queue.waiting,
	);
	new Gauge({
		name: `${PREFIX}processes`,
		help: "Processes for SQL statements",
		registers,
		collect() {
			this.set(observed.processes());
		},
	});
	return {
		requests: new Counter({
			name: `${PREFIX}requests_total`,
			help: "Requests answered, by path and status",
			labelNames: ["path", "status"],
			registers,
		}),
		seconds: new Histogram({
			name: `${PREFIX}request_seconds`,
			help: "From a request's headers to its answer, waits included",
			labelNames: ["path"],
			registers,
			buckets: SECONDS,
		}),
	};
}
