/** The page's data, from its own CSV export, compared with the topic. */
import { readFileSync } from "node:fs";
import { parseWiener } from "@fireworks/contracts";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { readTopic, testLog } from "../harness/stream.ts";

export interface Point {
	seq: number;
	timestamp: number;
	dt: number;
	increment: number;
	value: number;
}

const HEAD = "deviceId,seq,time,timestamp,dt,increment,value";

/** By device, oldest first. */
export async function exportCsv(
	page: Page,
	head = HEAD,
): Promise<Map<string, Point[]>> {
	const [file] = await Promise.all([
		page.waitForEvent("download"),
		page.click("button:has-text('CSV')"),
	]);
	const lines = readFileSync(await file.path(), "utf8").split("\r\n");
	expect(lines.shift()).toBe(head);
	expect(lines.pop()).toBe("");
	const points = new Map<string, Point[]>();
	for (const line of lines) {
		const [id = "", seq, time = "", ...rest] = line.split(",");
		const [timestamp, dt, increment, value] = rest.map(Number) as [
			number,
			number,
			number,
			number,
		];
		expect(Date.parse(time)).toBe(timestamp);
		const path = points.get(id) ?? [];
		points.set(id, path);
		path.push({ seq: Number(seq), timestamp, dt, increment, value });
	}
	return points;
}

/**
 * Checks that every point equals the topic's to the last bit, and that none is missing from the
 * first to the last.
 */
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
			const { deviceId, drift, volatility, ...point } = record;
			const path = inTopic.get(deviceId) ?? [];
			inTopic.set(deviceId, path);
			path.push(point);
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
