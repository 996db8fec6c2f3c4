/** The audited end: what belongs to later ticks is not a finding. */
import { expect, test } from "vitest";
import type { LogRecord } from "../src/index.ts";
import {
	logsOf,
	numbered,
	run,
	source,
	spoiled,
	ticks,
	withFields,
} from "./stream.ts";

const logs = logsOf([
	...ticks(["a", "b"], 6),
	source("a", "{"),
	...ticks(["a", "b"], 9).slice(12),
]);
// Ticks 0 to 5 of both devices are at the offsets 0 to 22, the refused record at 24, then ticks 6
// to 8.
const END = 23;
const upToEnd = spoiled(logs, "metronome", (r) =>
	r.filter((x) => x.offset < END),
);
const lenient = { metronomeEnd: END, ticksCoverRecords: false };
const covering = { metronomeEnd: END, ticksCoverRecords: true };

test("records of ticks after the end are counted, not judged", async () => {
	const { clean, counts } = await run(upToEnd, lenient);
	expect(clean).toBe(true);
	expect(counts).toMatchObject({
		ticks: 12,
		applied: 12,
		recordsBeyondEnd: 6,
		deadLettersBeyondEnd: 1,
	});
});

test("later ticks explain them; they are not counted themselves", async () => {
	const { clean, counts } = await run(logs, covering);
	expect(clean).toBe(true);
	expect(counts).toMatchObject({ ticks: 12, applied: 12, recordsBeyondEnd: 0 });
	expect(counts.refused["bad-json"]).toBe(0);
});

test("what has not come of later ticks yet is not missing", async () => {
	const behind = {
		...logs,
		wiener: logs.wiener.slice(0, 13),
		deadLetter: [],
	};
	expect(await run(behind, covering)).toMatchObject({ clean: true });
	expect(await run(behind)).toMatchObject({ findingsTotal: 6 });
});

test("a later tick that was passed over is missing", async () => {
	const holed = spoiled(logs, "wiener", (r) => numbered(r.toSpliced(12, 1)));
	expect((await run(holed, covering)).findings).toMatchObject([
		{ kind: "missing-record", deviceId: "a", seq: 6 },
	]);
});

test("a made-up record hides past the end only where later ticks are not known", async () => {
	const last = logs.wiener.at(-1) as LogRecord;
	const ghost = withFields(
		{ ...last, key: Buffer.from("g") },
		{ deviceId: "g" },
	);
	const haunted = spoiled(logs, "wiener", (r) => numbered([ghost, ...r]));
	expect((await run(haunted, covering)).findings).toMatchObject([
		{ kind: "record-without-tick", deviceId: "g", offset: 0 },
	]);
	const unknown = { ...haunted, metronome: upToEnd.metronome };
	expect(await run(unknown, lenient)).toMatchObject({ clean: true });
});

test("a record above all seqs whose time is not later is of no later tick", async () => {
	const last = logs.wiener[11] as LogRecord;
	const odd = withFields(last, { seq: 99 });
	const strange = spoiled(upToEnd, "wiener", (r) =>
		numbered([...r.slice(0, 12), odd]),
	);
	expect((await run(strange, lenient)).findings).toMatchObject([
		{ kind: "record-without-tick", seq: 99 },
	]);
});
