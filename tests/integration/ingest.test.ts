/** Files into a stream on a real broker: what real files hold, and dead letters. */

import { expect, test } from "vitest";
import { ingester, inputFolder } from "../harness/ingest-run.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
const write = inputFolder();
const ingest = ingester(broker);

test("the file of an Italian instrument: day first, two columns of time, decimal comma, -200", async () => {
	const hours = [3, 4, 12, 13].flatMap((day) =>
		Array.from({ length: 12 }, (_, hour) => ({ day, hour })),
	);
	const two = (n: number) => String(n).padStart(2, "0");
	const rows = hours.map(
		({ day, hour }, i) =>
			`${two(day)}/04/2021;${two(hour)}.00.00;${hour === 3 ? "-200" : `1,${hour}`};1${i % 9},5`,
	);
	const file = write(
		"air.csv",
		`\ufeffdate;time;co;temp\r\n${rows.join("\r\n")}\r\n`,
	);
	const hinted = await ingest(file, "--dry-run");
	expect(hinted.output).toContain('-200 looks like "missing"');
	const { code, output, values } = await ingest(file, "--missing", "co=-200");
	expect([code, output]).toEqual([
		0,
		expect.stringContaining("48 rows read, 48 written, 0 refused"),
	]);
	expect(output).toContain("number, decimal comma");
	expect(output).toContain(
		"date + time: in the order dmy; what has no offset is read as UTC",
	);
	const records = (await values(48)).map((r) => r.json);
	expect(new Set(records.map((r) => r.at))).toEqual(
		new Set(
			hours.map(
				({ day, hour }) => `2021-04-${two(day)}T${two(hour)}:00:00.000Z`,
			),
		),
	);
	const byTime = new Map(records.map((r) => [r.at, r]));
	expect(byTime.get("2021-04-12T03:00:00.000Z").co).toBeNull();
	expect(byTime.get("2021-04-12T04:00:00.000Z")).toEqual({
		at: "2021-04-12T04:00:00.000Z",
		co: 1.4,
		temp: 11.5,
	});
});

test("dates that can be day first or month first are not guessed", async () => {
	const file = write("dates.csv", "date,v\n03/04/2021,1\n04/05/2021,2\n");
	const refused = await ingest(file);
	expect(refused.code).toBe(78);
	expect(refused.output).toContain("Pass --date-order dmy or mdy");
	const { values } = await ingest(file, "--date-order", "mdy");
	expect((await values(2)).map((r) => r.json.date).sort()).toEqual([
		"2021-03-04T00:00:00.000Z",
		"2021-04-05T00:00:00.000Z",
	]);
});

test("every unreadable row is a dead letter with file, line and reason", async () => {
	const file = write(
		"bad.csv",
		[
			"id,at,v",
			"a,2026-01-31T00:00:00Z,1",
			"a,2026-02-30T00:00:00Z,2",
			'"quo\nted",2026-01-31T00:00:02Z,3',
			"a,2026-01-31T00:00:03Z,x",
			"",
			"too,many,cells,here",
			",2026-01-31T00:00:04Z,4",
			"few,2026-01-31T00:00:05Z",
			...Array.from(
				{ length: 30 },
				(_, i) => `b,2026-01-31T00:01:${10 + i}Z,${i}`,
			),
		].join("\n"),
	);
	const { code, output, values, deadLetters } = await ingest(
		file,
		"--key",
		"id",
	);
	expect([code, output]).toEqual([
		0,
		expect.stringContaining(
			"37 rows read, 32 written, 5 refused (bad-time 1, bad-field 1, bad-key 1, bad-row 2;",
		),
	]);
	expect(output).toContain("1 of 35 do not fit and will be refused");
	expect((await values(32)).filter((r) => r.key === "quo\nted")).toHaveLength(
		1,
	);
	const letters = (await deadLetters(5)).map(({ headers, value }) => ({
		line: Number(headers["source-line"]),
		code: headers["error-code"],
		message: headers["error-message"],
		file: headers["source-file"],
		text: String(value),
	}));
	letters.sort((a, b) => a.line - b.line);
	expect(letters.map(({ line, code }) => [line, code])).toEqual([
		[3, "bad-time"],
		[6, "bad-field"],
		[8, "bad-row"],
		[9, "bad-key"],
		[10, "bad-row"],
	]);
	expect(letters[1]).toMatchObject({
		message: 'v: "x" is not a number',
		text: '{"id":"a","at":"2026-01-31T00:00:03Z","v":"x"}',
	});
	expect(new Set(letters.map((one) => one.file))).toEqual(new Set([file]));
});

test("local times: a gap and a fold are refused by name, or read by a rule", async () => {
	const file = write(
		"dst.csv",
		"t,v\n2014-03-09 01:30:00,1\n2014-03-09 02:30:00,2\n2014-11-02 01:30:00,3\n2014-11-02 02:30:00,4\n2014-11-02 03:30:00,5\n",
	);
	const zone = ["--zone", "America/New_York"];
	const strict = await ingest(file, ...zone);
	expect(strict.output).toContain(
		"3 written, 2 refused (time-does-not-exist 1, time-ambiguous 1;",
	);
	const ruled = await ingest(
		file,
		...zone,
		"--fold",
		"later",
		"--gap",
		"shift",
	);
	expect((await ruled.values(5)).map((r) => r.json.t).sort()).toEqual([
		"2014-03-09T06:30:00.000Z",
		"2014-03-09T07:30:00.000Z",
		"2014-11-02T06:30:00.000Z",
		"2014-11-02T07:30:00.000Z",
		"2014-11-02T08:30:00.000Z",
	]);
	// The host's own zone, which is New York here, does not matter.
	const utc = await ingest(file);
	expect((await utc.values(5)).map((r) => r.json.t)).toContain(
		"2014-03-09T02:30:00.000Z",
	);
});

test("NDJSON: 64-bit ids, epochs in nanoseconds, lines that are not JSON", async () => {
	const line = (id: string, ns: string) => `{"id":${id},"ts":${ns},"v":1.5}`;
	const file = write(
		"ids.ndjson",
		`\ufeff${[
			line("9007199254740993", "1790000000000000001"),
			line("9007199254740992", "1790000000000000002"),
			"not JSON",
			"",
			line("9007199254740993", "1790000001000000001"),
		].join("\r\n")}`,
	);
	const { code, output, values, deadLetters } = await ingest(
		file,
		"--key",
		"id",
	);
	expect([code, output]).toEqual([
		0,
		expect.stringContaining("3 written, 1 refused (bad-row 1;"),
	]);
	const records = await values(3);
	expect(new Set(records.map((r) => r.key))).toEqual(
		new Set(["9007199254740993", "9007199254740992"]),
	);
	expect(records.map((r) => r.text)).toContain(
		'{"id":9007199254740993,"v":1.5,"ts":1790000000000000000}',
	);
	const [letter] = await deadLetters(1);
	expect([letter?.headers["source-line"], String(letter?.value)]).toEqual([
		"3",
		"not JSON",
	]);
});

test("equal and out-of-order times, keyless rows: all are written, over all partitions", async () => {
	const rows = Array.from(
		{ length: 3_000 },
		(_, i) => `2026-01-01T00:00:${String((i * 7) % 10).padStart(2, "0")}Z,${i}`,
	);
	const file = write("keyless.csv", `at,n\n${rows.join("\n")}\n`);
	const { values } = await ingest(file);
	const records = await values(3_000);
	expect(new Set(records.map((r) => r.json.n)).size).toBe(3_000);
	expect(new Set(records.map((r) => r.key))).toEqual(new Set([null]));
	expect(new Set(records.map((r) => r.partition))).toEqual(
		new Set([0, 1, 2, 3]),
	);
});
