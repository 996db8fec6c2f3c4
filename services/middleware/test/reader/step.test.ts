import { expect, test } from "vitest";
import { DeviceTable } from "../../src/queue/device-table.ts";
import { EventQueue } from "../../src/queue/event-queue.ts";
import { withStep } from "../../src/reader/step.ts";

const mapped = (deviceId: string, seq: number, value: number) => ({
	deviceId,
	seq,
	timestamp: 1_000 + seq * 500,
	value,
	drift: 0,
	volatility: 0,
});
const queue = () => {
	const made = new EventQueue(4, new DeviceTable(10));
	made.restart([0]);
	return made;
};

test("the difference to the same device's event before; 0 at its first", () => {
	const events = queue();
	const steps = [
		mapped("a", 0, 10),
		mapped("b", 1, -1),
		mapped("a", 3, 12),
		mapped("a", 2, 11),
	].map((event, offset) => {
		const whole = withStep(events, event);
		events.append(0, offset, whole);
		return [whole.dt, whole.increment];
	});
	expect(steps).toEqual([
		[0, 0],
		[0, 0],
		[1.5, 2],
		[0, -1],
	]);
});

test("the fields that the record has are kept, each on its own", () => {
	const events = queue();
	events.append(0, 0, withStep(events, mapped("a", 0, 10)));
	const next = mapped("a", 1, 12);
	expect(withStep(events, { ...next, dt: 9 })).toMatchObject({
		dt: 9,
		increment: 2,
	});
	expect(withStep(events, { ...next, dt: 9, increment: 8 })).toMatchObject({
		dt: 9,
		increment: 8,
	});
});

test("a previous event that has left the queue does not count; a difference that overflows is 0", () => {
	const events = queue();
	events.append(0, 0, withStep(events, mapped("a", 0, -1e308)));
	expect(withStep(events, mapped("a", 1, 1e308)).increment).toBe(0);
	for (let offset = 1; offset <= 4; offset++)
		events.append(0, offset, withStep(events, mapped("b", offset, 0)));
	expect(withStep(events, mapped("a", 5, 1)).dt).toBe(0);
});
