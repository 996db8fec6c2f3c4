/**
 * What a record does not tell of its step, taken from the event before of the same device.
 *
 * That event is looked for in the queue, so nothing is kept for it; where the queue has none, dt and increment are 0, as at a device's first record. On another pod
 * only the first event that it holds of a device may differ in them.
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
		// The difference of two doubles may be none: JSON has no infinity.
		increment: increment ?? (Number.isFinite(change) ? change : 0),
	};
}
