/**
 * The README's way to one's own stream, command by command, in a clone of its own: from `new` to
 * points on the page, with the time that the machine needs for it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { complaintsOf, launchBrowser } from "../harness/browser.ts";
import { pipelineClone } from "../harness/pipeline-clone.ts";
import { System } from "../harness/system.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";
import { chartOf } from "./catalog-stream.ts";

const README = new URL("../../README.md", import.meta.url);
/** What the README promises, on two cores. */
const WITHIN_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 31, 12);
const MINUTES = 20;
const EVERY_MS = 1_000;

/** The arguments of the commands under "Your own stream". */
const commands = [
	...readFileSync(README, "utf8").matchAll(
		/^sh bootstrap\.sh ((?:new|dev|ingest) .*?)(?:\s+#.*)?$/gm,
	),
].map(([, words]) => (words as string).split(" "));

/** A reading of two devices for each second; the mean of a minute is its number, and ten times. */
const csv = () =>
	[
		"device,at,temperature,humidity",
		...Array.from({ length: (MINUTES * 60_000) / EVERY_MS }, (_, i) => {
			const at = new Date(START_MS + i * EVERY_MS).toISOString();
			const minute = Math.floor((i * EVERY_MS) / 60_000);
			const off = i % 2 === 0 ? 0.5 : -0.5;
			return ["a", "b"].map(
				(device) => `${device},${at},${minute + off},${10 * minute + off}`,
			);
		}).flat(),
	].join("\n");

test("new, dev, ingest: the means are on the page within a minute", async () => {
	expect(commands.map(([word]) => word)).toEqual(["new", "dev", "ingest"]);
	const [create = [], dev = [], ingest = []] = commands;
	const clone = pipelineClone();
	onTestFinished(() => clone.remove());
	const system = await System.create({}, clone.cli);
	onTestFinished(() => system.remove());
	system.watch();
	const browser = await launchBrowser();
	onTestFinished(() => browser.close());
	const file = join(system.stateDir, "readings.csv");
	writeFileSync(file, csv());

	const began = performance.now();
	const made = await system.command(...create);
	expect(made.code, made.stdout + made.stderr).toBe(0);
	const child = spawn(process.execPath, [clone.cli, ...dev], {
		env: { ...process.env, ...system.environment },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const ended = once(child, "exit");
	onTestFinished(async () => {
		child.kill("SIGINT");
		await ended;
	});
	let printed = "";
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (text) => {
			printed += text;
		});
	await waitFor("dev to watch", () => {
		if (child.exitCode !== null) throw new Error(printed);
		return printed.includes("Watching pipelines/sensors");
	});
	const put = await system.command(
		...ingest.map((word) => (word === "readings.csv" ? file : word)),
	);
	expect(put.code, put.stdout + put.stderr).toBe(0);

	const page = await browser.newPage();
	const complaints = complaintsOf(page);
	await page.goto(`${system.page}streams?stream=sensors-means&range=1h`);
	const { lines } = await waitForValue(
		"the means of all closed minutes, of both devices",
		() => chartOf(page, "humidity").catch(() => ({ lines: [] })),
		(chart) =>
			chart.lines.length === 2 &&
			chart.lines.every((line) => line.length === MINUTES - 1),
	);
	const tookMs = performance.now() - began;
	const wanted = Array.from({ length: MINUTES - 1 }, (_, minute) => [
		START_MS + minute * 60_000,
		10 * minute,
	]);
	expect(lines).toEqual([wanted, wanted]);
	console.log(`from new to the page: ${(tookMs / 1_000).toFixed(1)} s`);
	expect(tookMs).toBeLessThan(WITHIN_MS);
	expect(complaints).toEqual([]);
	expect(clone.added()).toEqual(["pipelines/sensors"]);
});
