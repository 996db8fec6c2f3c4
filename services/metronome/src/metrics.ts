/** What the clock shows of itself. */
import {
	Counter,
	Gauge,
	Histogram,
	type Registry,
} from "@fireworks/service-kit";

export type MetronomeMetrics = ReturnType<typeof createMetronomeMetrics>;

export const createMetronomeMetrics = (registry: Registry) => {
	const registers = [registry];
	return {
		ticks: new Counter({
			name: "fireworks_metronome_ticks_total",
			help: "Ticks committed, each of all devices",
			registers,
		}),
		records: new Counter({
			name: "fireworks_metronome_records_total",
			help: "Tick records committed",
			registers,
		}),
		skipped: new Counter({
			name: "fireworks_metronome_skipped_ticks_total",
			help: "Ticks left out after a stop beyond the catch-up bound",
			registers,
		}),
		takeovers: new Counter({
			name: "fireworks_metronome_opens_total",
			help: "Times the clock fenced, restored its position and went on",
			registers,
		}),
		seq: new Gauge({
			name: "fireworks_metronome_last_seq",
			help: "Number of the last committed tick",
			registers,
		}),
		lateness: new Gauge({
			name: "fireworks_metronome_lateness_seconds",
			help: "Wall time at the last commit minus the due time of its last tick",
			registers,
		}),
		devices: new Gauge({
			name: "fireworks_metronome_devices",
			help: "Devices of the table",
			registers,
		}),
		transactionSeconds: new Histogram({
			name: "fireworks_metronome_transaction_seconds",
			help: "Time of a transaction",
			buckets: [0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 0.5, 1, 5, 10],
			registers,
		}),
	};
};
