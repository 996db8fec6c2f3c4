/** The runner with the weather pipeline, as processes on a real broker. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCatalog } from "@fireworks/pipeline";
import { afterAll, expect, test } from "vitest";
import { killProcessesAfterEach } from "../harness/node-process.ts";
import { startRunner } from "../harness/runner-run.ts";
import { readTopic } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { batchOf, weatherRows } from "../harness/weather-batch.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
killProcessesAfterEach();
const environment = () => ({
	FIREWORKS_BROKERS: broker.kafka.brokers.join(","),
	FIREWORKS_PROCESSOR_SESSION_TIMEOUT_MS: "3000",
});
const folder = mkdtempSync(join(import.meta.dirname, "../../pipelines/.test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const pipelineOf = (name: string, text: string): string => {
	mkdirSync(join(folder, name));
	writeFileSync(join(folder, name, "pipeline.ts"), text);
	return join("pipelines", folder.split("/").at(-1) as string, name);
};

test("two replicas, one killed: the file once, every window once, as a batch computes it", async () => {
	const first = await startRunner(environment(), "pipelines/weather");
	await waitFor("the first means", async () =>
		((await broker.log.offsets("weather-means")) ?? []).some(
			({ high }) => high > 0,
		),
	);
	const second = await startRunner(environment(), "pipelines/weather");
	first.child.kill("SIGKILL");
	await first.exit;
	await second.ready();

	const rows = await weatherRows();
	const batch = batchOf(rows);
	const records = await readTopic(
		broker.log,
		"weather-readings",
		(all) => all.length >= rows.length,
	);
	expect(records).toHaveLength(rows.length);
	const means = await readTopic(
		broker.log,
		"weather-means",
		(all) => all.length >= batch.size,
	);
	const computed = means.map(({ value }) => {
		const { station, at, days, temperature } = JSON.parse(String(value));
		return [`${station} ${at}`, { days, temperature }] as const;
	});
	expect(new Map(computed)).toEqual(batch);
	expect(computed).toHaveLength(batch.size);
	const warm = [...batch].filter(
		([window, { temperature }]) =>
			temperature > (window.startsWith("Seattle") ? 25 : 30),
	);
	expect(warm.length).toBeGreaterThan(50);
	const alerts = await readTopic(
		broker.log,
		"weather-alerts",
		(all) => all.length >= warm.length,
	);
	expect(
		alerts.map(({ value }) => {
			const { station, at } = JSON.parse(String(value));
			return `${station} ${at}`;
		}),
	).toEqual(expect.arrayContaining(warm.map(([window]) => window)));
	expect(alerts).toHaveLength(warm.length);
	const catalog = await readCatalog(broker.log);
	expect(catalog.get("weather-readings")).toMatchObject({
		version: 1,
		key: "station",
	});
	const { text } = await second.get("/metrics");
	expect(text).toContain(
		'fireworks_stage_input_records_total{stage="weather-means"}',
	);
	second.child.kill("SIGTERM");
	expect([await second.exit, second.output()]).toEqual([
		0,
		expect.stringContaining("stopped in order"),
	]);
});

test("what is wrong ends with 78 and says what: no pipeline, no default export, a definition", async () => {
	const wrong = async (pipeline: string) => {
		const run = await startRunner(environment(), pipeline);
		return [await run.exit, run.output()] as const;
	};
	const [missing, message] = await wrong("pipelines/nothing");
	expect([missing, message]).toEqual([
		78,
		expect.stringContaining("is not a pipeline"),
	]);
	const empty = await wrong(pipelineOf("empty", "export const a = 1;"));
	expect(empty).toEqual([
		78,
		expect.stringContaining("has no pipeline as its default export"),
	]);
	const broken = await wrong(
		pipelineOf("broken", 'throw new Error("a mistake in it");'),
	);
	expect(broken).toEqual([
		78,
		expect.stringContaining("does not load: a mistake in it"),
	]);
});

test("an incompatible schema stops the runner with the difference, unless it is allowed", async () => {
	const text = (type: string) => `
import { definePipeline, defineStream } from "${join(import.meta.dirname, "../../packages/pipeline/src/index.ts")}";
import { z } from "${import.meta.resolve("zod")}";
const stream = defineStream({ name: "changing", schema: z.object({ t: z.int(), v: ${type} }), time: { path: "t", unit: "ms" } });
export default definePipeline({ name: "changing", streams: [stream] });
`;
	const [before, after] = [
		pipelineOf("before", text("z.number()")),
		pipelineOf("after", text("z.string()")),
	];
	const first = await startRunner(environment(), before);
	await first.ready();
	first.child.kill("SIGTERM");
	expect(await first.exit).toBe(0);
	const refused = await startRunner(environment(), after);
	expect([await refused.exit, refused.output()]).toEqual([
		78,
		expect.stringContaining("v: type changed"),
	]);
	const allowed = await startRunner(
		environment(),
		after,
		"--allow-incompatible",
	);
	await allowed.ready();
	expect((await readCatalog(broker.log)).get("changing")?.version).toBe(2);
});
