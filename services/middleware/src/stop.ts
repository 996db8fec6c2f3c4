/** The end, in order: every client is told when to come back, spread out so that they do not come at once. */
import { CLOSE } from "@fireworks/contracts";
import type { Clock } from "./clock.ts";
import { delay } from "./clock.ts";
import type { Sessions } from "./connection/sessions.ts";
import {
	CLOSE_GRACE_MS,
	RETRY_SPREAD_MAX_MS,
	RETRY_SPREAD_MS_PER_CLIENT,
} from "./limits.ts";

/** Closes all clients with 1012 and `retry-after-ms=<n>`, and cuts those that do not take part in time. */
export async function sendClientsAway(
	sessions: Sessions,
	clock: Clock,
): Promise<void> {
	const spreadMs = Math.min(
		RETRY_SPREAD_MAX_MS,
		sessions.size * RETRY_SPREAD_MS_PER_CLIENT,
	);
	let told = 0;
	for (const { client } of sessions) {
		const afterMs = Math.round((spreadMs * told++) / sessions.size);
		client.ended();
		client.socket.close(CLOSE.restart, `retry-after-ms=${afterMs}`);
	}
	const end = clock.monotonicMs() + CLOSE_GRACE_MS;
	const never = new AbortController().signal;
	while (sessions.size > 0 && clock.monotonicMs() < end)
		await delay(clock, 20, never);
	for (const { client } of sessions) client.socket.terminate();
}
