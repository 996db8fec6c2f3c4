/** Cases of the page: a stream as it was found in the field, and what must be visible of it. */
import { publish, topicOf } from "@fireworks/pipeline";
import { expect, test } from "vitest";
import { caseRecords } from "../harness/stream-case.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { chartOf } from "./catalog-stream.ts";
import { SECOND, simple, withStreams } from "./with-streams.ts";

const open = withStreams();
const HOUR = 3_600 * SECOND;
const SETTINGS = {
	partitions: 1,
	replicationFactor: 1,
	topicConfigs: "own" as const,
};

async function bringCase(name: string): Promise<void> {
	const stream = simple(name.toLowerCase());
	await open.log.ensureTopics([topicOf(stream, SETTINGS)]);
	const producer = open.log.transactionalProducer(`test-${name}`, 60_000);
	await producer.transact(new Map([[stream.name, caseRecords(name, 1)]]));
	await producer.close();
	await publish({ log: open.log, settings: SETTINGS, streams: [stream] });
}

const drawn = async (wanted: number) => (await open.lines("v", 1, wanted))[0];

test("B07-hourly: 48 hourly readings are all visible at once, with dates", async () => {
	const { page } = open;
	await bringCase("B07-hourly");
	await open.visit("?stream=b07-hourly");
	const line = await drawn(48);
	const { x, times } = await chartOf(page, "v");
	expect(x[0]).toBeLessThanOrEqual(line?.[0]?.[0] as number);
	expect(x[1]).toBeGreaterThanOrEqual(line?.at(-1)?.[0] as number);
	expect(times.join(" ")).toMatch(/\b\d{1,2}\b.*(?:Sep|2026)/);
	// A shorter window shows part of them, and zooming out brings the rest back.
	await page.selectOption("label:has-text('Time range') select", `${6 * HOUR}`);
	await waitForValue(
		"six hours",
		() => chartOf(page, "v"),
		(chart) => chart.x[1] - chart.x[0] < 7 * HOUR,
	);
	for (let press = 0; press < 4; press++)
		await page.getByRole("button", { name: "Zoom out" }).click();
	await drawn(48);
});

test("B08-holes: the line breaks where nothing was measured; what is refused is counted", async () => {
	const { page } = open;
	await bringCase("B08-holes");
	await open.visit("?stream=b08-holes&range=all");
	const chart = await waitForValue(
		"the line",
		() => chartOf(page, "v").catch(() => undefined),
		(found) => (found?.lines[0]?.length ?? 0) > 10,
	);
	const line = chart?.lines[0] ?? [];
	const first = line[0]?.[0] as number;
	const breaks = [...line.entries()].flatMap(([i, [ms, v]]) =>
		Number.isNaN(v)
			? [
					[(line[i - 1]?.[0] as number) - first, ms - first].map(
						(t) => t / SECOND,
					),
				]
			: [],
	);
	expect(breaks.filter(([from]) => from === 9 || from === 29)).toEqual([
		[9, 16],
		[29, 42],
	]);
	expect(await page.textContent("section[aria-label='Data problems']")).toMatch(
		/records? not shown: .*\(newest: .*offset \d+/,
	);
});
