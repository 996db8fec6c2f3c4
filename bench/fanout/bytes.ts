/** The payload: frames of 25 events, about 2 kB, as the middleware encodes them. */
import type { WienerRecord } from "@fireworks/contracts";
import { encodeEvents } from "../../services/middleware/src/frames/event-frame.ts";
import { textOf } from "../../services/middleware/src/frames/text-frame.ts";
import { DeviceTable } from "../../services/middleware/src/queue/device-table.ts";
import { EventQueue } from "../../services/middleware/src/queue/event-queue.ts";

export const FRAME_EVENTS = 25;
/**
 * seq and position have as many digits as in the middleware after a few hundred frames, so both
 * servers send the same bytes.
 */
const FIRST_EVENT = 400 * FRAME_EVENTS;

/** The n-th event, with numbers of full length, as in a Wiener process. */
export const eventOf = (n: number): WienerRecord => ({
	deviceId: `device-${String(n % FRAME_EVENTS).padStart(4, "0")}`,
	seq: Math.floor(n / FRAME_EVENTS),
	timestamp: 1_767_225_600_000 + n * 40,
	dt: 1,
	increment: Math.sin(n) * 1.3,
	value: Math.cos(n) * 17.1,
	drift: 0,
	volatility: 1,
});

/** Payloads of different frames. */
export function payloads(count: number): Buffer[] {
	const queue = new EventQueue(count * FRAME_EVENTS, new DeviceTable(1_000));
	queue.restart([FIRST_EVENT]);
	const made: Buffer[] = [];
	for (let i = 0; i < count; i++) {
		const from = queue.headPlace;
		const first = FIRST_EVENT + i * FRAME_EVENTS;
		for (let n = first; n < first + FRAME_EVENTS; n++)
			queue.append(0, n, eventOf(n));
		const { bytes } = encodeEvents(
			queue,
			"batch",
			{ mask: undefined },
			from,
			queue.headPlace,
			Date.now(),
		);
		made.push(Buffer.from(textOf(bytes)));
	}
	return made;
}
