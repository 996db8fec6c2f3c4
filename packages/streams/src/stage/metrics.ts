/** The metrics of a stage, with Prometheus' names and units. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export type StageMetrics = ReturnType<typeof createStageMetrics>;

export function createStageMetrics(
	registry: Registry,
	/** Number of keys whose newest record was refused, by code. */
	refusedKeys: () => ReadonlyMap<string, number> = () => new Map(),
) {
	const registers = [registry];
	const counter = (name: string, help: string, labelNames: string[] = []) =>
		new Counter({
			name: `fireworks_stage_${name}`,
			help,
			labelNames,
			registers,
		});
	const gauge = (
		name: string,
		help: string,
		labelNames: string[] = ["partition"],
	) =>
		new Gauge({ name: `fireworks_stage_${name}`, help, labelNames, registers });
	new Gauge({
		name: "fireworks_stage_refused_keys",
		help: "Keys whose newest record was refused, by code",
		labelNames: ["code"],
		registers,
		collect() {
			this.reset();
			for (const [code, keys] of refusedKeys()) this.set({ code }, keys);
		},
	});
	return {
		inputs: counter("input_records_total", "Input records processed"),
		outputs: counter("output_records_total", "Output records committed"),
		deadLetters: counter("dead_letters_total", "Records refused, by code", [
			"code",
		]),
		events: counter("events_total", "What the stage's step counts", ["event"]),
		tableRefused: counter(
			"table_refused_total",
			"Records of the broadcast table that could not be read, by code",
			["code"],
		),
		tableRows: gauge("table_rows", "Rows of the broadcast table", []),
		transactions: counter("transactions_total", "Transactions committed"),
		failures: counter("failures_total", "Failed sessions, by code", ["code"]),
		rebalances: counter("joins_total", "Joins of the consumer group"),
		lost: counter(
			"records_lost_to_retention_total",
			"Input records that were deleted before they were processed",
		),
		lag: gauge("lag_records", "Input records not yet processed"),
		keys: gauge("state_keys", "Keys with a state"),
		restored: gauge(
			"restored_records",
			"Changelog records read by the restore under way, or by the last one",
		),
		restoreTarget: gauge(
			"restore_target_offset",
			"Changelog offset of the barrier that the restore reads to",
		),
		running: gauge("running", "1 where the partition is processed here"),
		restoreSeconds: new Histogram({
			name: "fireworks_stage_restore_seconds",
			help: "Time from assigned to running",
			buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
			registers,
		}),
		transactionSeconds: new Histogram({
			name: "fireworks_stage_transaction_seconds",
			help: "Time of a transaction",
			buckets: [0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 0.5, 1, 5, 10],
			registers,
		}),
		eventTimeDelaySeconds: new Gauge({
			name: "fireworks_stage_event_time_delay_seconds",
			help: "Wall time at the last commit minus the record timestamp of the last input in it",
			labelNames: ["partition"],
			registers,
		}),
	};
}

/**
 * Removes a partition's metrics once another process has the partition. Otherwise its last lag
 * would be shown forever.
 */
export function forgetPartition(
	metrics: StageMetrics,
	partition: number,
): void {
	const { lag, keys, restored, restoreTarget, eventTimeDelaySeconds } = metrics;
	const gauges = [lag, keys, restored, restoreTarget, eventTimeDelaySeconds];
	for (const gauge of gauges) gauge.remove({ partition });
}
