/** What the page holds, by its own CSV export, and whether that is what the topic holds. */
import { readFileSync } from "node:fs";
import { parseWiener } from "@fireworks/contracts";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { readTopic, testLog } from "../harness/stream.ts";

interface Point {
	seq: number;
	timestamp: number;
	value: number;
}

/** By device, oldest first. */
export async function exportCsv(page: Page): Promise<Map<string, Point[]>> {
	const [file] = await Promise.all([
		page.waitForEvent("download"),
		page.click("button:has-text('CSV')"),
	]);
	const lines = readFileSync(await file.path(), "utf8").split("\r\n");
	expect(lines.shift()).toBe("deviceId,seq,time,timestamp,value");
	expect(lines.pop()).toBe("");
	const points = new Map<string, Point[]>();
	for (const line of lines) {
		const [id, seq, time, timestamp, value] = line.split(",") as [
			string,
			string,
			string,
			string,
			string,
		];
		expect(Date.parse(time)).toBe(Number(timestamp));
		const path = points.get(id) ?? [];
		points.set(id, path);
		path.push({
			seq: Number(seq),
			timestamp: Number(timestamp),
			value: Number(value),
		});
	}
	return points;
}

/** Every point is the topic's, to the last bit, and from the first to the last none is missing. */
export async function expectTopic(
	points: ReadonlyMap<string, readonly Point[]>,
	brokers: readonly string[],
): Promise<void> {
	const log = testLog(brokers);
	const newest = new Map(
		[...points].map(([id, path]) => [id, path.at(-1)?.seq]),
	);
	const inTopic = new Map<string, Point[]>();
	let taken = 0;
	await readTopic(log, "wiener", (all) => {
		for (const { value } of all.slice(taken)) {
			const record = parseWiener(value);
			if (!record) continue;
			const { deviceId, seq, timestamp, value: at } = record;
			const path = inTopic.get(deviceId) ?? [];
			inTopic.set(deviceId, path);
			path.push({ seq, timestamp, value: at });
		}
		taken = all.length;
		return [...newest].every(
			([id, seq]) => (inTopic.get(id)?.at(-1)?.seq ?? -1) >= (seq ?? 0),
		);
	});
	await log.close();
	for (const [id, path] of points) {
		const [first, last] = [path[0]?.seq ?? 0, path.at(-1)?.seq ?? 0];
		const expected = inTopic
			.get(id)
			?.filter(({ seq }) => seq >= first && seq <= last);
		expect(path, id).toEqual(expected);
	}
}
