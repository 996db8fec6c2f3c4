/**
 * Compares the engines: the same ticks, one engine at a time, in turn. Prints Markdown. With --out
 * it also writes the Markdown, the figures as JSON and the slope as SVG into a folder, after each
 * part. Results in the folder of parts and engines that do not run now are kept.
 *
 *     pnpm bench:engines [--rounds 3] [--devices 1000] [--ticks 400] [--seconds 30] [--kills 2]
 *                        [--slope 100,1000,10000,30000,100000]
 *                        [--engines typescript,python,spark,kafka-streams]
 *                        [--only throughput,live,slope] [--out docs/how-it-works/engines]
 *
 * Needs a build (`pnpm build`) and what the engines need: Java with its compiler, Maven, Python.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startTestKafka } from "@fireworks/local-kafka/testing";
import { readTopic, testLog } from "../../tests/harness/stream.ts";
import { preload } from "../throughput/preload.ts";
import { latencyChart } from "./chart.ts";
import type { Engine } from "./engine.ts";
import { ENGINES } from "./engines.ts";
import { measureLive } from "./live.ts";
import { fromJson, json, markdown, type Results } from "./report.ts";
import { measureThroughput } from "./throughput.ts";

const { values } = parseArgs({
	options: {
		rounds: { type: "string", default: "3" },
		devices: { type: "string", default: "1000" },
		ticks: { type: "string", default: "400" },
		seconds: { type: "string", default: "30" },
		kills: { type: "string", default: "2" },
		slope: { type: "string", default: "100,1000,10000,30000,100000" },
		engines: { type: "string", default: ENGINES.map(idOf).join(",") },
		only: { type: "string", default: "throughput,live,slope" },
		out: { type: "string" },
	},
});
const devices = Number(values.devices);
const records = devices * Number(values.ticks);
const rounds = Number(values.rounds);
const parts = new Set(values.only.split(","));
const chosen = new Set(values.engines.split(","));
const engines = ENGINES.filter((engine) => chosen.has(idOf(engine)));

function idOf(engine: Engine): string {
	return engine.name.toLowerCase().replaceAll(" ", "-");
}

function add<T>(to: Map<string, T[]>, name: string, value: T): void {
	to.set(name, [...(to.get(name) ?? []), value]);
}

const say = (what: string, figures: unknown) =>
	console.error(`${what}: ${JSON.stringify(figures)}`);

/** The order rotates with each round, so no engine always follows the same one. */
const inTurn = (round: number): readonly Engine[] =>
	engines.map((_, i) => engines[(i + round) % engines.length] as Engine);

const file = values.out && join(values.out, "comparison.json");
const before: Partial<Results> =
	file && existsSync(file) ? fromJson(readFileSync(file, "utf8")) : {};
/** In the engines' order. Old results of engines that run now are dropped. */
function part<T>(name: string, kept: ReadonlyMap<string, T[]> = new Map()) {
	const runs = parts.has(name) ? engines : [];
	return new Map(
		ENGINES.flatMap((engine) => {
			if (runs.includes(engine)) return [[engine.name, []]];
			const had = kept.get(engine.name);
			return had ? [[engine.name, had]] : [];
		}),
	);
}
const results: Results = {
	machine: `${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.versions.node}`,
	records,
	throughput: part("throughput", before.throughput),
	live: part("live", before.live),
	slope: part("slope", before.slope),
};

function write(): void {
	if (!values.out) return;
	mkdirSync(values.out, { recursive: true });
	const to = (name: string, text: string) =>
		writeFileSync(join(values.out as string, name), text);
	to("comparison.md", markdown(results, ENGINES));
	to("comparison.json", json(results));
	to("latency.svg", latencyChart(results.slope));
}

for (const engine of engines) await engine.prepare();
const kafka = await startTestKafka({ heapMb: 1_024, fullSpeed: true });
const log = testLog(kafka.brokers);
try {
	if (parts.has("throughput")) {
		await preload(log, "ticks", devices, Number(values.ticks));
		const ticks = await readTopic(log, "ticks", (all) => all.length >= records);
		for (let round = 0; round < rounds; round++)
			for (const engine of inTurn(round)) {
				const measured = await measureThroughput(
					log,
					kafka.brokers,
					engine,
					"ticks",
					ticks,
				);
				add(results.throughput, engine.name, measured);
				say(`${engine.name}, round ${round + 1}`, measured);
			}
		write();
	}
	if (parts.has("live")) {
		for (let round = 0; round < rounds; round++)
			for (const engine of inTurn(round)) {
				const measured = await measureLive(
					log,
					kafka.brokers,
					engine,
					devices,
					Number(values.seconds),
					Number(values.kills),
				);
				add(results.live, engine.name, measured);
				say(`${engine.name}, live, round ${round + 1}`, measured);
			}
		write();
	}
	if (parts.has("slope"))
		for (const engine of engines)
			for (const size of values.slope.split(",").map(Number)) {
				const measured = await measureLive(
					log,
					kafka.brokers,
					engine,
					size,
					Number(values.seconds) / 2,
					0,
				);
				add(results.slope, engine.name, measured);
				say(`${engine.name}, ${size} devices`, measured);
				write();
				// An engine that is behind at one size is also behind at the next.
				if (measured.behind > 0) break;
			}
	console.log(markdown(results, engines));
} finally {
	await log.close();
	await kafka.stop();
}
