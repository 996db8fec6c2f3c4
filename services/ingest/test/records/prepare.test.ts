import {
	type CatalogEntry,
	defineStream,
	int64,
	RECORD_TIMESTAMP,
} from "@fireworks/pipeline";
import { expect, test } from "vitest";
import { z } from "zod";
import { RequestRefused } from "../../src/http/request-refused.ts";
import { RECORD_BYTES_MAX, RECORDS_MAX } from "../../src/limits.ts";
import { type BodyFormat, prepare } from "../../src/records/prepare.ts";
import { OpenStream } from "../../src/streams/open-stream.ts";

const NOW = 1_767_225_600_000;
const streamOf = (time: typeof RECORD_TIMESTAMP | { path: string }) => {
	const { description } = defineStream({
		name: "s",
		schema: z.object({ id: int64(), at: z.string(), v: z.number() }),
		key: "id",
		time,
		measures: { v: {} },
	});
	const entry: CatalogEntry = { ...description, version: 1 };
	return new OpenStream(entry, 4);
};
const text = (id: string, at = "2026-01-31T12:00:00Z", v = "1") =>
	`{"id":${id},"at":"${at}","v":${v}}`;
const prepared = (body: string | Buffer, format: BodyFormat = "ndjson") =>
	prepare(Buffer.from(body), format, streamOf({ path: "at" }), 4, NOW);
const problemOf = (body: string | Buffer, format: BodyFormat = "ndjson") =>
	prepared(body, format).then(
		() => "none",
		(error: unknown) =>
			error instanceof RequestRefused ? error.code : String(error),
	);

test("the bytes are those of the client; key and event time are read from them", async () => {
	const exact = text("18446744073709551615", "2026-01-31T12:00:00Z", "1.10");
	const other = text("7", "1960-01-01T00:00:00Z", "1e-7");
	const { records, answer } = await prepared(`[${exact},  ${other}]`, "json");
	expect(answer).toEqual({ accepted: 2, refused: 0, errors: [] });
	expect(
		records.map(({ key, value, timestamp }) => [
			String(key),
			String(value),
			timestamp,
		]),
	).toEqual([
		["18446744073709551615", exact, Date.UTC(2026, 0, 31, 12)],
		["7", other, 0],
	]);
});

test("a stream whose time is the record's own gets the time of the arrival", async () => {
	const stream = streamOf(RECORD_TIMESTAMP);
	const body = Buffer.from(text("1"));
	const { records } = await prepare(body, "json", stream, 4, NOW);
	expect(records[0]?.timestamp).toBe(NOW);
});

test("refused records by their code, with what was sent", async () => {
	const bad = [
		"{",
		"7",
		text('"x"'),
		text("1", "today"),
		text("1", "2026-01-31T12:00:00"),
		text("1", "2026-01-31T12:00:00Z", "9007199254740993"),
	];
	const latin1 = Buffer.from([0x22, 0xe4, 0x22, 0x0a]);
	const { answer, deadLetters, reasons, records } = await prepared(
		Buffer.concat([latin1, Buffer.from(bad.join("\n"))]),
	);
	expect(records).toEqual([]);
	expect(answer.errors.map(({ line, code }) => [line, code])).toEqual([
		[1, "bad-encoding"],
		[2, "bad-json"],
		[3, "not-an-object"],
		[4, "bad-field"],
		[5, "bad-time"],
		[6, "time-without-zone"],
		[7, "bad-field"],
	]);
	expect(deadLetters.slice(1).map(({ value }) => String(value))).toEqual(bad);
	expect(deadLetters[0]?.value).toEqual(latin1.subarray(0, 3));
	expect(reasons.get("bad-field")).toBe(2);
});

test("an answer stays small, whatever was sent", async () => {
	const { answer } = await prepared(
		`{"id":1,"at":"${"x".repeat(900_000)}","v":1}\n`.repeat(2),
	);
	expect(answer.refused).toBe(2);
	expect(JSON.stringify(answer).length).toBeLessThan(3_000);
});

test("what refuses the whole request", async () => {
	expect(await problemOf("")).toBe("no-records");
	expect(await problemOf("", "json")).toBe("bad-json");
	expect(await problemOf("[]", "json")).toBe("none");
	expect(await problemOf(`[${text("1")},]`, "json")).toBe("bad-json");
	expect(await problemOf(Buffer.from([0x5b, 0xff, 0x5d]), "json")).toBe(
		"bad-encoding",
	);
	expect(await problemOf("7\n".repeat(RECORDS_MAX))).toBe("none");
	expect(await problemOf("7\n".repeat(RECORDS_MAX + 1))).toBe(
		"too-many-records",
	);
	expect(await problemOf("7".repeat(RECORD_BYTES_MAX + 1))).toBe(
		"record-too-large",
	);
	const deep = "[".repeat(400_000);
	expect(await problemOf(deep + "]".repeat(400_000), "json")).toMatch(
		/none|bad-json/,
	);
});
