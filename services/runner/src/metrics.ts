/** The runner's metrics of its sources. Its stages have those of every stage. */
import { Counter, type Registry } from "@fireworks/service-kit";

export type RunnerMetrics = ReturnType<typeof createRunnerMetrics>;

export const createRunnerMetrics = (registry: Registry) => {
	const registers = [registry];
	return {
		sourceRecords: new Counter({
			name: "fireworks_source_records_total",
			help: "Records that a source has committed",
			labelNames: ["source"],
			registers,
		}),
		sourceRefused: new Counter({
			name: "fireworks_source_refused_total",
			help: "Records of a source that became dead letters",
			labelNames: ["source"],
			registers,
		}),
		sourceFailures: new Counter({
			name: "fireworks_source_failures_total",
			help: "Failures of a source, after which it was opened again",
			labelNames: ["source", "code"],
			registers,
		}),
	};
};
