/** The metrics at /metrics. */
import {
	Counter,
	Gauge,
	Histogram,
	type Registry,
} from "@fireworks/service-kit";
import type { TableStatus } from "./tables/status.ts";

const PREFIX = "fireworks_lake_";
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface Observed {
	statuses(): Iterable<TableStatus>;
	monotonicMs(): number;
	bufferBytes(): number;
}

export type LakeMetrics = ReturnType<typeof createMetrics>;

export function createMetrics(registry: Registry, observed: Observed) {
	const registers = [registry];
	const counter = (name: string, help: string, labelNames: string[]) =>
		new Counter({
			name: `${PREFIX}${name}_total`,
			help,
			labelNames,
			registers,
		});
	const byStream = (
		name: string,
		help: string,
		value: (status: TableStatus) => number | undefined,
	) =>
		new Gauge({
			name: PREFIX + name,
			help,
			labelNames: ["stream"],
			registers,
			collect() {
				this.reset();
				for (const status of observed.statuses()) {
					const now = value(status);
					if (now !== undefined) this.set({ stream: status.stream }, now);
				}
			},
		});
	byStream(
		"lag_records",
		"Records of the topic that are not in the table, at the last look",
		(status) => status.lagRecords,
	);
	byStream(
		"lag_seconds",
		"Time since the table last held all records of its topic",
		(status) => status.lagSeconds(observed.monotonicMs()),
	);
	byStream(
		"table_stopped",
		"1 if the stream's definition does not fit its table, which is not written",
		(status) => (status.state === "stopped" ? 1 : 0),
	);
	byStream(
		"table_waiting",
		"1 if the table or its topic failed, and is tried again after a pause",
		(status) => (status.state === "waiting" ? 1 : 0),
	);
	byStream("rows", "Rows of the table", (status) => status.size?.rows);
	byStream("files", "Data files of the table", (status) => status.size?.files);
	byStream("bytes", "Bytes of the data files", (status) => status.size?.bytes);
	byStream(
		"snapshots",
		"Snapshots that the table keeps",
		(status) => status.size?.snapshots,
	);
	new Gauge({
		name: `${PREFIX}buffer_bytes`,
		help: "Memory of the rows that wait to be committed, as estimated",
		registers,
		collect() {
			this.set(observed.bufferBytes());
		},
	});
	const rows = counter("rows_written", "Rows committed", ["stream"]);
	const commits = counter("commits", "Commits", ["stream"]);
	const refused = counter(
		"refused_records",
		"Records that became rows of dead_letters",
		["stream", "code"],
	);
	const commitSeconds = new Histogram({
		name: `${PREFIX}commit_seconds`,
		help: "Duration of a commit, with the writing of its files",
		registers,
		buckets: SECONDS,
	});
	return {
		deletedOffsets: counter(
			"deleted_offsets",
			"Offsets that retention deleted before they were read: their records are missing in the table",
			["stream"],
		),
		failures: counter(
			"failures",
			"Failures after which a table was opened again",
			["stream"],
		),
		committed(
			stream: string,
			count: number,
			codes: ReadonlyMap<string, number>,
			ms: number,
		): void {
			rows.inc({ stream }, count);
			commits.inc({ stream });
			commitSeconds.observe(ms / 1_000);
			for (const [code, records] of codes)
				refused.inc({ stream, code }, records);
		},
	};
}
