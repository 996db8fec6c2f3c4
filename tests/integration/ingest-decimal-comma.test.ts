/**
 * The case decimal-comma-csv: an hourly file as Italian, German or French instruments write it. Day
 * first, dots in the time, decimal comma, -200 for "missing". Nothing of it may be silently wrong.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ingester, inputFolder } from "../harness/ingest-run.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
const write = inputFolder();
const ingest = ingester(broker);

const FILE = join(import.meta.dirname, "cases/decimal-comma-csv.csv");
const [HEAD = "", ...ROWS] = readFileSync(FILE, "utf8").trim().split("\n");

/** The record that a row means. */
function meant(row: string) {
	const [date = "", time = "", ...numbers] = row.split(";");
	const [co = 0, temp = 0] = numbers.map((n) => Number(n.replace(",", ".")));
	const day = date.split("/").toReversed().join("-");
	const at = `${day}T${time.replaceAll(".", ":")}.000Z`;
	return { at, co: co === -200 ? null : co, temp };
}

test("decimal-comma-csv: all 48 rows at their hours, with their values, and -200 as a hole", async () => {
	const { code, output, values } = await ingest(FILE, "--missing", "co=-200");
	expect([code, output]).toEqual([
		0,
		expect.stringContaining("48 rows read, 48 written, 0 refused"),
	]);
	const written = (await values(48)).map(({ json }) => json);
	const byTime = (a: { at: string }, b: { at: string }) =>
		a.at < b.at ? -1 : 1;
	expect(written.toSorted(byTime)).toEqual(ROWS.map(meant).toSorted(byTime));
	const days = new Set(written.map(({ at }) => at.slice(0, 10)));
	expect([...days].sort()).toEqual([
		...["2021-04-03", "2021-04-04", "2021-04-12", "2021-04-13"],
	]);
	expect(written.filter(({ co }) => co === null)).toHaveLength(4);
});

test('decimal-comma-csv: without --missing it says that -200 looks like "missing"', async () => {
	const { output } = await ingest(FILE, "--dry-run");
	expect(output).toContain('-200 looks like "missing"');
	expect(output).toContain("number, decimal comma");
});

test("decimal-comma-csv: without a day above 12, no order of day and month is guessed", async () => {
	const file = write("early.csv", [HEAD, ...ROWS.slice(0, 36), ""].join("\n"));
	const refused = await ingest(file);
	expect(refused.code).toBe(78);
	expect(refused.output).toContain("Pass --date-order dmy or mdy");
	const ordered = await ingest(file, "--date-order", "dmy");
	expect(ordered.code, ordered.output).toBe(0);
	const written = (await ordered.values(36)).map(({ json }) => json.at).sort();
	expect(written).toEqual(
		ROWS.slice(0, 36)
			.map((row) => meant(row).at)
			.sort(),
	);
});
