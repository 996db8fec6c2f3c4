/**
 * How many rows a second ingest writes, broker included: the flights of npm `vega-datasets` as
 * Parquet, and the same rows as CSV. The time is that of the whole program, from its start to its
 * end. CPU seconds are those of ingest and of the broker: they do not depend on what else runs.
 *
 *     node bench/ingest/run.ts [--rows 3000000] [--rounds 1]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { startTestKafka } from "@fireworks/local-kafka/testing";
import { testLog } from "../../tests/harness/stream.ts";
import { cpuSeconds } from "../system/processes.ts";

const { values } = parseArgs({
	options: {
		rows: { type: "string", default: "3000000" },
		rounds: { type: "string", default: "1" },
	},
});
const FLIGHTS = join(
	import.meta.dirname,
	"../node_modules/vega-datasets/data/flights-3m.parquet",
);
const MAIN = join(import.meta.dirname, "../../packages/ingest/src/main.ts");

const folder = mkdtempSync(join(tmpdir(), "fireworks-bench-ingest-"));
const parquet = join(folder, "flights.parquet");
const csv = join(folder, "flights.csv");
const duckdb = await (await DuckDBInstance.create()).connect();
for (const file of [parquet, csv])
	await duckdb.run(
		`COPY (SELECT * FROM read_parquet('${FLIGHTS}') LIMIT ${Number(values.rows)}) TO '${file}'`,
	);
duckdb.closeSync();

const kafka = await startTestKafka({ heapMb: 512, fullSpeed: true });
const log = testLog(kafka.brokers);
try {
	console.log(`${cpus().length} cores, ${cpus()[0]?.model}`);
	for (let round = 1; round <= Number(values.rounds); round++)
		for (const file of [parquet, csv]) await measure(file, round);
} finally {
	await log.close();
	await kafka.stop();
	rmSync(folder, { recursive: true, force: true });
}

async function measure(file: string, round: number): Promise<void> {
	const stream = `flights-${file.split(".").at(-1)}-${round}`;
	const broker = cpuSeconds(kafka.pid);
	const started = performance.now();
	const child = spawn(
		process.execPath,
		[MAIN, file, "--stream", stream, "--key", "origin", "--time", "date"],
		{
			env: {
				PATH: process.env.PATH,
				FIREWORKS_BROKERS: kafka.brokers.join(","),
			},
			stdio: ["ignore", "ignore", "inherit"],
		},
	);
	let own = 0;
	const watch = setInterval(() => {
		own = cpuSeconds(child.pid as number);
	}, 100);
	const [code] = await once(child, "exit");
	clearInterval(watch);
	const seconds = (performance.now() - started) / 1_000;
	const ranges = (await log.offsets(stream)) ?? [];
	const offsets = ranges.reduce((sum, { high }) => sum + high, 0);
	if (code !== 0 || offsets < Number(values.rows))
		throw new Error(`${stream}: exit code ${code}, ${offsets} offsets`);
	console.log(
		`${stream}: ${values.rows} rows in ${seconds.toFixed(1)} s = ${Math.round(Number(values.rows) / seconds)} rows/s; CPU ${own.toFixed(1)} s ingest, ${(cpuSeconds(kafka.pid) - broker).toFixed(1)} s broker`,
	);
}
