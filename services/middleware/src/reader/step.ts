/**
 * Completes a record that lacks its step, from the previous event of the same device.
 *
 * That event is looked up in the queue, so this needs no memory of its own. If the queue has none,
 * dt and increment are 0, as in a device's first record. Two pods may therefore differ in these
 * fields, but only for the first event of a device that one of them holds.
 */
import type { MappedEvent, WienerRecord } from "@fireworks/contracts";
import type { EventQueue } from "../queue/event-queue.ts";

export function withStep(queue: EventQueue, event: MappedEvent): WienerRecord {
	const { dt, increment } = event;
	if (dt !== undefined && increment !== undefined) return event as WienerRecord;
	const device = queue.devices.indexOf(event.deviceId);
	const before = device === undefined ? -1 : queue.devices.newestOf(device);
	if (before < 0) return { ...event, dt: dt ?? 0, increment: increment ?? 0 };
	const slot = before % queue.capacity;
	const seconds = (event.timestamp - (queue.timestamp[slot] as number)) / 1_000;
	const change = event.value - (queue.value[slot] as number);
	return {
		...event,
		dt: dt ?? Math.max(0, seconds),
		// The difference of two doubles can overflow to Infinity, which JSON cannot represent.
		increment: increment ?? (Number.isFinite(change) ? change : 0),
	};
}
