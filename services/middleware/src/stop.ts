/**
 * The shutdown: every client learns when to come back, spread out so that they do not return at
 * once.
 */
import { CLOSE } from "@fireworks/contracts";
import { type Clock, delay } from "@fireworks/time";
import type { Session } from "./connection/session.ts";
import type { Sessions } from "./connection/sessions.ts";
import {
	CLOSE_GRACE_MS,
	RETRY_SPREAD_MAX_MS,
	RETRY_SPREAD_MS_PER_CLIENT,
} from "./limits.ts";

/** Closes all clients with 1012 and `retry-after-ms=<n>`. */
export function askToComeBack(sessions: Iterable<Session>): void {
	const all = [...sessions];
	const spreadMs = Math.min(
		RETRY_SPREAD_MAX_MS,
		all.length * RETRY_SPREAD_MS_PER_CLIENT,
	);
	for (const [i, { client }] of all.entries()) {
		const afterMs = Math.round((spreadMs * i) / all.length);
		client.ended();
		client.socket.close(CLOSE.restart, `retry-after-ms=${afterMs}`);
	}
}

/** Closes all clients, and cuts off those that do not answer in time. */
export async function sendClientsAway(
	groups: readonly Sessions[],
	clock: Clock,
): Promise<void> {
	const left = () => groups.some(({ size }) => size > 0);
	askToComeBack(groups.flatMap((sessions) => [...sessions]));
	const end = clock.monotonicMs() + CLOSE_GRACE_MS;
	while (left() && clock.monotonicMs() < end) await delay(clock, 20);
	for (const sessions of groups)
		for (const { client } of sessions) client.socket.terminate();
}
