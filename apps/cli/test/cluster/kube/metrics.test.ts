import { expect, test } from "vitest";
import { flowOf, parseMetrics } from "../../../src/cluster/kube/metrics.ts";

const at = (records: number, lag: string) =>
	parseMetrics(`# HELP fireworks_stage_output_records_total Output records committed
# TYPE fireworks_stage_output_records_total counter
fireworks_stage_output_records_total{partition="0"} ${records}
fireworks_stage_output_records_total{partition="1"} 10
fireworks_stage_lag_records{topic="a b",partition="0"} ${lag}
fireworks_stage_lag_records{topic="a b",partition="1"} 2
nodejs_version_info{version="v24"} 1
nonsense
`);

test("a rate is the difference of the sums over all labels; a lag is the newest sum", () => {
	expect(flowOf("processor", at(100, "7"), at(120, "1"), 2)).toEqual({
		rate: "10.0 records/s",
		lag: 3,
	});
});

test("a pod that restarted in between, or does not answer, gives no negative rate", () => {
	expect(flowOf("processor", at(100, "7"), at(0, "7"), 2)?.rate).toBe(
		"0.0 records/s",
	);
	expect(flowOf("processor", undefined, at(0, "7"), 2)).toBeUndefined();
	expect(flowOf("dashboard", at(0, "7"), at(0, "7"), 2)).toBeUndefined();
});
