/** Files into a stream on a real broker: exactly once, also after kill -9, and with a schedule. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defineStream, publish, readCatalog } from "@fireworks/pipeline";
import { expect, test } from "vitest";
import { z } from "zod";
import {
	ingester,
	inputFolder,
	startIngest,
	startIngestCommand,
} from "../harness/ingest-run.ts";
import { newStream, readTopic } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
const write = inputFolder();
const ingest = ingester(broker);
const WEATHER = join(
	import.meta.dirname,
	"../node_modules/vega-datasets/data/weather.csv",
);

test("real weather: the file that vega-datasets ships, and again without doubling it", async () => {
	const file = WEATHER;
	const lines = readFileSync(file, "utf8").trim().split("\n").length - 1;
	const first = await ingest(file, "--key", "location");
	expect(first.output).toContain(
		`${lines} rows read, ${lines} written, 0 refused`,
	);
	expect((await readCatalog(broker.log)).get(first.stream)?.measures).toEqual({
		precipitation: {},
		temp_max: {},
		temp_min: {},
		wind: {},
	});
	// By the CLI this time, with a state folder that remembers no other system.
	const again = startIngestCommand(
		{ ...first.environment, FIREWORKS_STATE_DIR: dirname(write("state", "")) },
		file,
		"--stream",
		first.stream,
	);
	expect(await again.exit, again.output()).toBe(0);
	const records = await first.values(lines);
	expect(records).toHaveLength(lines);
	expect(new Set(records.map((r) => r.key))).toEqual(
		new Set(["Seattle", "New York"]),
	);
});

test("a stream of the catalog: its schema decides", async () => {
	const stream = "defined-before";
	const { description } = defineStream({
		name: stream,
		schema: z.object({
			place: z.string(),
			at: z.iso.datetime({ offset: true }),
			v: z.number().min(0),
			remark: z.string().optional(),
		}),
		key: "place",
		time: { path: "at" },
		measures: { v: {} },
	});
	await publish({
		log: broker.log,
		settings: { replicationFactor: 1, topicConfigs: "own" },
		streams: [description],
	});
	const { environment } = newStream(broker.kafka.brokers);
	const file = write(
		"known.csv",
		"place,when,v,remark,other\nx,2026-01-01T00:00:00Z,1,,9\nx,2026-01-01T00:00:01Z,-1,r,9\n",
	);
	const run = startIngest(environment, file, "--stream", stream);
	expect(await run.exit).toBe(0);
	expect(run.output()).toContain("left out: the stream has no such field");
	expect(run.output()).toContain("1 written, 1 refused (bad-field 1;");
	const [record] = await readTopic(
		broker.log,
		stream,
		(all) => all.length >= 1,
	);
	expect(JSON.parse(String(record?.value))).toEqual({
		place: "x",
		v: 1,
		at: "2026-01-01T00:00:00.000Z",
	});
	const lacking = write("lacking.csv", "when,v\n2026-01-01T00:00:00Z,1\n");
	const refused = startIngest(environment, lacking, "--stream", stream);
	expect([await refused.exit, refused.output()]).toEqual([
		78,
		expect.stringContaining("needs place, and the file has no such column"),
	]);
});

test("kill -9 in the middle, several times, and again: every row exactly once", async () => {
	const count = 60_000;
	const rows = Array.from({ length: count }, (_, i) =>
		i % 1_000 === 500
			? `k${i % 50},nonsense,${i}`
			: `k${i % 50},${1_790_000_000_000 + i},${i}`,
	);
	const file = write("many.csv", `id,t,n\n${rows.join("\n")}\n`);
	const stream = "killed";
	const { environment } = newStream(broker.kafka.brokers);
	const start = () =>
		startIngest(
			environment,
			file,
			"--stream",
			stream,
			"--key",
			"id",
			"--rate",
			"40000/s",
		);
	const written = async () =>
		((await broker.log.offsets(stream)) ?? []).reduce(
			(sum, { high }) => sum + high,
			0,
		);
	for (let kill = 0; kill < 3; kill++) {
		const before = await written();
		const run = start();
		await waitFor("new rows", async () => (await written()) > before + 2_000);
		run.child.kill("SIGKILL");
		await run.exit;
	}
	const last = start();
	expect([await last.exit, last.output()]).toEqual([
		0,
		expect.stringContaining(
			`${count} rows read, ${count - 60} written, 60 refused (bad-time 60;`,
		),
	]);
	const records = await readTopic(
		broker.log,
		stream,
		(all) => all.length >= count - 60,
	);
	const seen = records
		.map((r) => JSON.parse(String(r.value)).n)
		.sort((a, b) => a - b);
	expect(seen).toEqual(
		Array.from({ length: count }, (_, i) => i).filter((i) => i % 1_000 !== 500),
	);
	const letters = await readTopic(
		broker.log,
		environment.FIREWORKS_TOPIC_DEAD_LETTER as string,
		(all) => all.length >= 60,
	);
	expect(
		letters.map((l) => Number(l.headers["source-line"])).sort((a, b) => a - b),
	).toEqual(Array.from({ length: 60 }, (_, i) => i * 1_000 + 502));
});

test("a file that has changed since is not continued silently", async () => {
	const file = write("grown.csv", "t,v\n1790000000000,1\n");
	const first = await ingest(file);
	write("grown.csv", "t,v\n1790000000000,1\n1790000001000,2\n");
	const refused = startIngest(
		first.environment,
		file,
		"--stream",
		first.stream,
	);
	expect([await refused.exit, refused.output()]).toEqual([
		78,
		expect.stringContaining("has changed since 1 of its rows were written"),
	]);
	const again = startIngest(
		first.environment,
		file,
		"--stream",
		first.stream,
		"--again",
	);
	expect(await again.exit).toBe(0);
	expect(await first.values(3)).toHaveLength(3);
});

test("--shift now moves the first row to now and keeps the distances; --speed plays them", async () => {
	const before = Date.now();
	const file = write(
		"past.csv",
		"t,v\n1000000000,1\n1000000060,2\n1000000120,3\n",
	);
	const { code, values } = await ingest(
		file,
		"--shift",
		"now",
		"--speed",
		"120x",
	);
	const took = Date.now() - before;
	expect(code).toBe(0);
	const times = (await values(3)).map((r) => r.json.t * 1_000).sort();
	expect(times.map((t) => Math.round(t - (times[0] ?? 0)))).toEqual([
		0, 60_000, 120_000,
	]);
	expect(times[0]).toBeGreaterThanOrEqual(before);
	// Two minutes of the file's time, 120 times as fast.
	expect(took).toBeGreaterThanOrEqual(1_000);
});
