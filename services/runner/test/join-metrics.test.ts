import { Counter, Registry } from "@fireworks/service-kit";
import { expect, test } from "vitest";
import { joinMetrics } from "../src/join-metrics.ts";

const registryOf = (stage: string, count: number, name: string) => {
	const registry = new Registry();
	registry.setDefaultLabels({ stage });
	const registers = [registry];
	new Counter({ name, help: "Records", registers }).inc(count);
	return registry;
};

test("the same metric of two stages is described once, with both samples", async () => {
	const page = registryOf("page", 1, "other_total");
	joinMetrics(page, [
		registryOf("a", 2, "records_total"),
		registryOf("b", 3, "records_total"),
	]);
	expect(
		(await page.metrics()).split("\n").filter((line) => line !== ""),
	).toEqual([
		"# HELP other_total Records",
		"# TYPE other_total counter",
		'other_total{stage="page"} 1',
		"# HELP records_total Records",
		"# TYPE records_total counter",
		'records_total{stage="a"} 2',
		'records_total{stage="b"} 3',
	]);
});
