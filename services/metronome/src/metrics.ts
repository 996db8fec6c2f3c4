/** The metronome's metrics. */
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
			help: "Committed ticks; each has a record for every device",
			registers,
		}),
		records: new Counter({
			name: "fireworks_metronome_records_total",
			help: "Committed tick records",
			registers,
		}),
		skipped: new Counter({
			name: "fireworks_metronome_skipped_ticks_total",
			help: "Ticks skipped because the service was stopped for longer than the catch-up bound",
			registers,
		}),
		takeovers: new Counter({
			name: "fireworks_metronome_opens_total",
			help: "Times that the clock was opened: it fenced earlier ones and restored its position",
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
			help: "Devices that get a tick in every interval",
			registers,
		}),
		transactionSeconds: new Histogram({
			name: "fireworks_metronome_transaction_seconds",
			help: "Duration of a transaction",
			buckets: [0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 0.5, 1, 5, 10],
			registers,
		}),
	};
};
