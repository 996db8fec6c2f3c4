/** The values that the warnings about removed settings name are those of the code. */
import { REMOVED_SETTINGS, SETTINGS } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { CLIENT_LIMITS, DEVICES_MAX } from "../src/limits.ts";
import { EVENT_BYTES } from "../src/queue/event-queue.ts";

test.each([
	["FRAME_BYTES_MAX", CLIENT_LIMITS.frameBytesMax],
	["CLIENT_FRAMES_PER_SECOND_MAX", CLIENT_LIMITS.framesPerSecondMax],
	["HANDSHAKE_MS", CLIENT_LIMITS.handshakeMs],
	["CLIENT_BUFFER_BYTES_MAX", CLIENT_LIMITS.bufferBytesMax],
	["SLOW_MAX_MS", CLIENT_LIMITS.slowMaxMs],
	["SNAPSHOT_POINTS_MAX", CLIENT_LIMITS.snapshotPointsMax],
	["SNAPSHOT_EVENTS_MAX", CLIENT_LIMITS.snapshotEventsMax],
	["BATCH_MS", CLIENT_LIMITS.batchMs],
	["PING_MS", CLIENT_LIMITS.pingMs],
	["DEVICES_MAX", DEVICES_MAX],
])("FIREWORKS_MIDDLEWARE_%s is fixed at %i", (name, value) => {
	expect(REMOVED_SETTINGS[`FIREWORKS_MIDDLEWARE_${name}`]).toMatch(
		new RegExp(`^it is fixed at ${value} `),
	);
});

test("the queue holds one million events by default, as before", () => {
	const bytes = SETTINGS.middlewareQueueBytesMax.default;
	expect(Math.floor(bytes / EVENT_BYTES)).toBe(1_000_000);
	expect(REMOVED_SETTINGS.FIREWORKS_MIDDLEWARE_QUEUE_EVENTS_MAX).toContain(
		`${EVENT_BYTES} bytes an event`,
	);
});
