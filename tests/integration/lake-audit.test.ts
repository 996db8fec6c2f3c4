/**
 * Tests of `audit --lake`: faults are planted into copies of a real stream's tables, and the
 * command must name each.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestKafka, type TestKafka } from "@fireworks/local-kafka/testing";
import type { Log, LogRecord } from "@fireworks/streams";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeRefused, writeTable } from "../harness/lake-copy.ts";
import { startService, stopAllServices } from "../harness/service.ts";
import {
	newStream,
	readTopic,
	settledOffsets,
	type TestStream,
	testLog,
} from "../harness/stream.ts";
import { System } from "../harness/system.ts";

const NAMES = ["metronome", "wiener"] as const;
type Name = (typeof NAMES)[number];
type Records = Record<Name, LogRecord[]>;

let kafka: TestKafka;
let log: Log;
let stream: TestStream;
let system: System;
let folders: string;
let records: Records;
/** Of each topic, by partition: its end. */
const ends = new Map<string, Map<number, number>>();

beforeAll(async () => {
	folders = mkdtempSync(join(tmpdir(), "fireworks-lake-audit-"));
	kafka = await startTestKafka();
	log = testLog(kafka.brokers);
	stream = newStream(kafka.brokers, {
		FIREWORKS_METRONOME_INTERVAL_MS: "20",
		// Of a test that waits for a table that never comes to its end.
		FIREWORKS_AUDIT_WAIT_MS: "5000",
	});
	system = await System.create(stream.environment);
	const [metronome, processor] = await Promise.all([
		startService("metronome", stream.environment),
		startService("processor", stream.environment),
	]);
	await Promise.all([metronome.ready(), processor.ready()]);
	// The lake refuses the first one. The second one is a row, and the processor refuses it.
	for (const value of [
		"rubbish",
		'{ "deviceId": "y", "seq": 1, "timestamp": 1, "drift": 0, "volatility": 1 }',
	])
		await log.append(topicOf("metronome"), {
			partition: 0,
			key: "x",
			value,
			timestamp: Date.now(),
		});
	await metronome.reaches("fireworks_metronome_ticks_total", 50);
	await metronome.stop();
	const { code, stdout } = await system.command("audit", "--json");
	expect(code, stdout).toBe(0);
	await processor.stop();
	records = { metronome: await all("metronome"), wiener: await all("wiener") };
});
afterAll(async () => {
	await stopAllServices();
	await system?.remove();
	await log?.close();
	await kafka?.stop();
	rmSync(folders, { recursive: true, force: true });
});

const topicOf = (name: Name): string =>
	name === "metronome"
		? stream.settings.topicMetronome
		: stream.settings.topicWiener;

async function all(name: Name): Promise<LogRecord[]> {
	const ranges = (await settledOffsets(log, topicOf(name))) ?? [];
	ends.set(
		name,
		new Map(ranges.map(({ partition, high }) => [partition, high])),
	);
	return readTopic(log, topicOf(name), (found) =>
		ranges
			.filter(({ low, high }) => high > low)
			.every(({ partition, high }) =>
				found.some(
					(one) => one.partition === partition && one.offset >= high - 2,
				),
			),
	);
}

const isTick = ({ value }: LogRecord) => String(value) !== "rubbish";

/** A lake of the stream with a planted fault, and what the audit says about it. */
async function audit(
	plant: (copy: Records) => Partial<Records>,
	positions = ends,
) {
	const folder = mkdtempSync(join(folders, "lake-"));
	const copy = { ...records, ...plant({ ...records }) };
	for (const name of NAMES) {
		const of = {
			folder,
			topic: topicOf(name),
			topicId: (await log.topicId(topicOf(name))) ?? "",
		};
		await writeTable(
			of,
			name,
			copy[name].filter(isTick),
			positions.get(name) ?? new Map(),
		);
		if (name === "metronome")
			await writeRefused(
				of,
				copy[name].filter((record) => !isTick(record)),
			);
	}
	const { code, stdout } = await system.commandWith(
		{ FIREWORKS_LAKE_DIR: folder },
		"audit",
		"--lake",
		"--json",
	);
	return { code, ...JSON.parse(stdout) };
}

const VICTIM = 60;
const victim = () => {
	const { partition, offset } = records.wiener[VICTIM] as LogRecord;
	return { partition, offset };
};

test("an unchanged copy is clean, with a refused tick and one that the processor refused", async () => {
	const result = await audit(() => ({}));
	expect(result).toMatchObject({ code: 0, result: "clean", rowFindings: [] });
	const { metronome, wiener } = records;
	expect(result.tables).toEqual({
		[topicOf("metronome")]: {
			rows: metronome.length - 1,
			compared: metronome.length - 1,
			refused: 1,
		},
		[topicOf("wiener")]: {
			rows: wiener.length,
			compared: wiener.length,
			refused: 0,
		},
	});
	expect(result.paths.counts.deadLetters).toBe(2);
});

test.each<[string, string, (rows: LogRecord[]) => LogRecord[]]>([
	[
		"doubled-row",
		"duplicated-record",
		(rows) => rows.toSpliced(VICTIM, 0, rows[VICTIM] as LogRecord),
	],
	["missing-row", "missing-record", (rows) => rows.toSpliced(VICTIM, 1)],
	[
		"changed-row",
		"changed-field",
		(rows) => rows.with(VICTIM, oneBitOff(rows[VICTIM] as LogRecord)),
	],
])(
	"%s in the table of wiener, and in its path: %s",
	async (kind, inPath, plant) => {
		const result = await audit(({ wiener }) => ({ wiener: plant(wiener) }));
		expect(result).toMatchObject({
			code: 1,
			result: "findings",
			rowFindingsTotal: 1,
		});
		expect(result.rowFindings[0]).toMatchObject({
			kind,
			table: topicOf("wiener"),
			...victim(),
		});
		expect(result.paths.findingsByKind).toHaveProperty(inPath);
	},
);

test("a tick and its record that are both missing: the paths cannot show it, the topics do", async () => {
	const { deviceId, seq } = JSON.parse(
		String((records.wiener[VICTIM] as LogRecord).value),
	);
	const others = (all: LogRecord[]) =>
		all.filter((record) => {
			if (!isTick(record)) return true;
			const json = JSON.parse(String(record.value));
			return json.deviceId !== deviceId || json.seq !== seq;
		});
	const result = await audit(({ metronome, wiener }) => ({
		metronome: others(metronome),
		wiener: others(wiener),
	}));
	expect(result).toMatchObject({ code: 1, rowFindingsTotal: 2 });
	expect(result.rowFindings.map(({ kind }: { kind: string }) => kind)).toEqual([
		"missing-row",
		"missing-row",
	]);
});

test("a table that has not come to the topic's end", async () => {
	const { partition, offset } = records.wiener.at(-1) as LogRecord;
	const wrong = new Map(ends).set(
		"wiener",
		new Map(ends.get("wiener")).set(partition, offset),
	);
	// The table never comes to the topic's end, so there is no result.
	expect(await audit(() => ({}), wrong)).toMatchObject({
		code: 2,
		result: "unknown",
		reason: expect.stringContaining("has not come to the topic's end"),
	});
});

test("a row that is not below the table's own position", async () => {
	const last = records.wiener.at(-1) as LogRecord;
	const offset = (ends.get("wiener")?.get(last.partition) ?? 0) + 5;
	const result = await audit(({ wiener }) => ({
		wiener: [...wiener, { ...last, offset }],
	}));
	expect(result).toMatchObject({ code: 1, rowFindingsTotal: 1 });
	expect(result.rowFindings[0]).toMatchObject({
		kind: "row-beyond-position",
		partition: last.partition,
		offset,
	});
});

test("without a lake it cannot tell", async () => {
	const { code, stdout } = await system.commandWith(
		{ FIREWORKS_LAKE_DIR: mkdtempSync(join(folders, "none-")) },
		"audit",
		"--lake",
	);
	expect(code).toBe(2);
	expect(stdout).toContain("Could not tell: the lake has no table");
});

/** The record with the last bit of its value's double flipped. */
function oneBitOff(record: LogRecord): LogRecord {
	const wiener = JSON.parse(String(record.value));
	const bits = new BigUint64Array(new Float64Array([wiener.value]).buffer);
	bits[0] = (bits[0] ?? 0n) ^ 1n;
	const [value] = new Float64Array(bits.buffer);
	return {
		...record,
		value: Buffer.from(JSON.stringify({ ...wiener, value })),
	};
}
