/**
 * Tests of the checkers: a correct stream passes. A stream with a single planted fault does not,
 * and the checker names the record.
 */

import { encodeWiener, parseTick } from "@fireworks/contracts";
import type { LogRecord, OutgoingRecord } from "@fireworks/streams";
import { advance, deviceWords, noise, parseSeed } from "@fireworks/wiener";
import { describe, expect, test } from "vitest";
import { numberedDevices } from "../../services/metronome/src/devices.ts";
import { TickEncoder } from "../../services/metronome/src/tick-encoder.ts";
import { StreamChecker } from "../harness/stream-checker.ts";

const PARTITIONS = 4;
const DEVICES = numberedDevices(8);
const TICKS = 10;
const EPOCH = 1_767_225_600_000;

/** A topic's records as they are read: offsets rise in each partition, with gaps. */
const asRead = (records: readonly OutgoingRecord[]): LogRecord[] => {
	const next = new Map<number, number>();
	return records.map((record) => {
		const offset = next.get(record.partition) ?? 0;
		next.set(record.partition, offset + 2);
		return {
			topic: "wiener",
			partition: record.partition,
			offset,
			key: Buffer.from(record.key as Buffer),
			value: Buffer.from(record.value as string),
			timestamp: record.timestamp,
			headers: {},
		};
	});
};

function cleanTicks(): OutgoingRecord[] {
	const encoder = new TickEncoder(DEVICES, PARTITIONS);
	const records: OutgoingRecord[] = [];
	for (let n = 0; n < TICKS; n++) encoder.encode(n, EPOCH + n * 1000, records);
	return records;
}

function cleanPaths(ticks: readonly LogRecord[]): OutgoingRecord[] {
	const seed = parseSeed("42");
	const last = new Map<string, { timestamp: number; value: number }>();
	return ticks.map((record) => {
		const tick = parseTick(record.key, record.value);
		const { deviceId, seq, timestamp } = tick;
		const step = advance(
			last.get(deviceId),
			tick,
			noise(seed, deviceWords(deviceId), seq),
		);
		if (step === undefined) throw new Error("not finite");
		last.set(deviceId, { timestamp, value: step.value });
		return {
			topic: "wiener",
			partition: record.partition,
			key: record.key,
			value: encodeWiener(JSON.stringify(deviceId), { ...tick, ...step }),
			timestamp,
		};
	});
}

type Change = (records: OutgoingRecord[]) => OutgoingRecord[];
const same: Change = (records) => records;

/** The checker's findings for a stream whose ticks or records were changed. */
function problemsOf(changes: { ticks?: Change; paths?: Change }) {
	const checker = new StreamChecker({
		metronome: "metronome",
		wiener: "wiener",
		partitions: PARTITIONS,
		seed: "42",
		devices: DEVICES.map((d) => d.deviceId),
	});
	const clean = cleanTicks();
	const ticks = asRead((changes.ticks ?? same)(clean));
	const paths = asRead((changes.paths ?? same)(cleanPaths(asRead(clean))));
	// Interleaved, as in a running stream.
	for (let i = 0; i < Math.max(ticks.length, paths.length); i++) {
		const [tick, path] = [ticks[i], paths[i]];
		if (path !== undefined) checker.take("wiener", path);
		if (tick !== undefined) checker.take("metronome", tick);
	}
	return { problems: checker.problems, outstanding: checker.outstanding };
}

/** The fifth tick of the third device. */
const AT = 4 * DEVICES.length + 2;
const NAMED = "4 of device-0003";

/** The next record of the same device. */
const swapped: Change = (records) => {
	const other = AT + DEVICES.length;
	return records
		.with(AT, records[other] as OutgoingRecord)
		.with(other, records[AT] as OutgoingRecord);
};
const doubled: Change = (records) =>
	records.toSpliced(AT + 1, 0, records[AT] as OutgoingRecord);
const doubledLater: Change = (records) => [
	...records,
	records[AT] as OutgoingRecord,
];
const dropped: Change = (records) => records.toSpliced(AT, 1);
const edited =
	(edit: (text: string) => string): Change =>
	(records) => {
		const record = records[AT] as OutgoingRecord;
		return records.with(AT, { ...record, value: edit(String(record.value)) });
	};

/** The number of this name, with its last bit flipped. */
const oneBit = (field: string) =>
	edited((text) =>
		text.replace(new RegExp(`"${field}":([-0-9.e]+)`), (_, number) => {
			const double = new Float64Array([Number(number)]);
			const bits = new BigUint64Array(double.buffer);
			bits[0] = (bits[0] as bigint) ^ 1n;
			return `"${field}":${double[0]}`;
		}),
	);

test("a stream that is right passes", () => {
	expect(problemsOf({})).toEqual({ problems: [], outstanding: 0 });
});

describe("a record of wiener", () => {
	test.each([
		["doubled", doubled],
		["doubled later", doubledLater],
		["swapped with the device's next", swapped],
		["value changed by one bit", oneBit("value")],
		["increment changed by one bit", oneBit("increment")],
		["drift changed", edited((t) => t.replace('"drift":0', '"drift":1'))],
	])("%s", (_, paths) => {
		const { problems } = problemsOf({ paths });
		expect(problems[0]).toContain("wiener/");
		expect(problems.join("\n")).toContain(NAMED);
	});

	test("dropped: the next one comes where it is due", () => {
		const { problems } = problemsOf({ paths: dropped });
		expect(problems).toHaveLength(1);
		expect(problems[0]).toMatch(/record 5 of device-0003 comes where 4 is due/);
	});

	test("dropped at the end: it stays outstanding", () => {
		const { problems, outstanding } = problemsOf({
			paths: (records) => records.slice(0, -1),
		});
		expect({ problems, outstanding }).toEqual({ problems: [], outstanding: 1 });
	});

	test("in the wrong partition", () => {
		const { problems } = problemsOf({
			paths: (records) => {
				const record = records[AT] as OutgoingRecord;
				return records.with(AT, {
					...record,
					partition: (record.partition + 1) % PARTITIONS,
				});
			},
		});
		expect(problems[0]).toContain(`${NAMED} lies in the wrong partition`);
	});

	test("made up", () => {
		const { problems } = problemsOf({
			paths: edited((t) => t.replace('"seq":4', '"seq":3')),
		});
		expect(problems[0]).toContain("record 3 of device-0003");
	});
});

describe("a tick", () => {
	test.each([
		["doubled", doubled, `tick ${NAMED} is a repeat`],
		["dropped", dropped, "tick 5 of device-0003 comes where 4 is due"],
		[
			"swapped with the device's next",
			swapped,
			"tick 5 of device-0003 comes where 4 is due",
		],
	])("%s", (_, ticks, expected) => {
		const { problems } = problemsOf({ ticks });
		expect(problems[0]).toContain("metronome/");
		expect(problems.join("\n")).toContain(expected);
	});

	test("torn: one device's tick of a number comes after another's of the next", () => {
		const { problems } = problemsOf({
			ticks: (records) => {
				const mine = records[AT] as OutgoingRecord;
				// Moved behind the next record of its partition that belongs to another device and
				// to the next tick.
				const later = records.findIndex(
					(r, i) => i >= 5 * DEVICES.length && r.partition === mine.partition,
				);
				return records.toSpliced(AT, 1).toSpliced(later, 0, mine);
			},
		});
		expect(problems.join("\n")).toMatch(/torn: tick 4 before it had/);
	});
});
