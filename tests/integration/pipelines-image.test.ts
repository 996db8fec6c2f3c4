/**
 * What the image `pipelines` holds, outside of the clone: each pipeline as one bundle, with the
 * files of packages that it reads.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCatalog } from "@fireworks/pipeline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { killProcessesAfterEach } from "../harness/node-process.ts";
import { startBundle } from "../harness/runner-run.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
killProcessesAfterEach();
const ROOT = join(import.meta.dirname, "../..");
const out = mkdtempSync(join(tmpdir(), "fireworks-pipelines-"));
beforeAll(() => {
	execFileSync(process.execPath, ["scripts/pipelines-image.ts", out], {
		cwd: ROOT,
		stdio: "pipe",
	});
});
afterAll(() => rmSync(out, { recursive: true, force: true }));
const environment = () => ({
	FIREWORKS_BROKERS: broker.kafka.brokers.join(","),
	FIREWORKS_PROCESSOR_SESSION_TIMEOUT_MS: "3000",
});

test("weather runs from there, and writes every row of its file", async () => {
	const run = await startBundle(environment(), join(out, "weather/main.js"));
	await run.ready();
	await waitForValue(
		"all rows",
		async () =>
			((await broker.log.offsets("weather-readings")) ?? []).reduce(
				(sum, { high }) => sum + high,
				0,
			),
		// Transactions end with markers, which have offsets as well.
		(rows) => rows >= 2_922,
	);
	run.child.kill("SIGTERM");
	expect([await run.exit, run.output()]).toEqual([
		0,
		expect.stringContaining("stopped in order"),
	]);
});

test("one with only streams stays there for its probes, unless it is asked to end; it makes no topics", async () => {
	const main = join(out, "wiener/main.js");
	const run = await startBundle(environment(), main);
	await run.ready();
	run.child.kill("SIGTERM");
	expect(await run.exit).toBe(0);
	const again = await startBundle(environment(), main, "--end-if-idle");
	expect([await again.exit, again.output()]).toEqual([
		0,
		expect.not.stringContaining("health and metrics"),
	]);
	expect((await readCatalog(broker.log)).get("wiener")).toMatchObject({
		key: "deviceId",
	});
	expect(await broker.log.offsets("wiener")).toBeUndefined();
	const wrong = await startBundle(environment(), main, "weather");
	expect([await wrong.exit, wrong.output()]).toEqual([
		78,
		expect.stringContaining("usage: runner [--allow-incompatible]"),
	]);
});

test("the list of npm packages has the bundled ones and those whose files are there", () => {
	const names = JSON.parse(
		readFileSync(join(out, "packages.json"), "utf8"),
	).map(({ name }: { name: string }) => name);
	expect(names).toEqual(
		expect.arrayContaining(["kafkajs", "vega-datasets", "zod"]),
	);
	const packages = (name: string) =>
		existsSync(join(out, name, "node_modules"));
	expect([packages("weather"), packages("wiener")]).toEqual([true, false]);
});
