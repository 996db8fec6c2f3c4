import { expect, test } from "vitest";
import { DeviceTable } from "../../src/queue/device-table.ts";
import { EventQueue } from "../../src/queue/event-queue.ts";
import { event } from "../support/events.ts";

test("only what changed since a version is announced again", () => {
	const table = new DeviceTable(10);
	table.resolve("a", 0, 1);
	table.resolve("b", 0, 1);
	const version = table.version;
	table.resolve("a", 0, 1);
	expect(table.changedSince(version)).toEqual([]);
	table.resolve("b", 0, 2);
	table.resolve("c", 0, 1);
	expect(table.changedSince(version).map((d) => d.deviceId)).toEqual([
		"b",
		"c",
	]);
	expect(table.changedSince(0)).toHaveLength(3);
});

test("a full table gives the number of a device without events to a new one, and refuses where all have some", () => {
	const table = new DeviceTable(2);
	const queue = new EventQueue(3, table);
	queue.restart([0]);
	expect(queue.append(0, 0, event("a", 0))).toBe(true);
	expect(queue.append(0, 1, event("b", 0))).toBe(true);
	expect(queue.append(0, 2, event("c", 0))).toBe(false);
	expect(queue.next).toEqual([3]);
	expect(queue.append(0, 3, event("b", 1))).toBe(true);
	// The only event of device a leaves the queue here.
	expect(queue.append(0, 4, event("b", 2))).toBe(true);
	const names = table.namesVersion;
	expect(queue.append(0, 5, event("c", 1))).toBe(true);
	expect(table.namesVersion).toBe(names + 1);
	expect(table.indexOf("a")).toBeUndefined();
	expect(table.indexOf("c")).toBe(0);
	expect(table.count).toBe(2);
});
