/**
 * Checks that data is moving: connects to the middleware as a page does, and waits for events that
 * come after its snapshot.
 *
 * That all services are "ready" does not prove that a tick reaches a client. This does.
 */

import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { PROTOCOL, WEBSOCKET_PATH } from "@fireworks/contracts";
import { WebSocket } from "ws";

const RETRY_MS = 200;
const direct = new Agent();

export interface DataProbe {
	/** host:port of the middleware. */
	address: string;
	/** Accept events in the snapshot as proof, because the next tick may be an hour away. */
	snapshotWillDo: boolean;
	/** If the middleware requires one. */
	bearerToken?: string;
}

/** Resolves true once events came, or false if `signal` is aborted first. */
export async function dataMoves(
	probe: DataProbe,
	signal: AbortSignal,
): Promise<boolean> {
	while (!signal.aborted) {
		if (await eventsCome(probe, signal)) return true;
		await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
	}
	return false;
}

/** One connection: true with its first events, false if it ends before. */
const eventsCome = (
	{ address, snapshotWillDo, bearerToken }: DataProbe,
	signal: AbortSignal,
): Promise<boolean> =>
	new Promise((resolve) => {
		const socket = new WebSocket(`ws://${address}${WEBSOCKET_PATH}`, PROTOCOL, {
			handshakeTimeout: 5_000,
			// With NODE_USE_ENV_PROXY=1 the global agent would ask the proxy for our own address.
			agent: direct,
			...(bearerToken
				? { headers: { authorization: `Bearer ${bearerToken}` } }
				: {}),
		});
		const end = (moved: boolean) => {
			signal.removeEventListener("abort", aborted);
			socket.terminate();
			resolve(moved);
		};
		const aborted = () => end(false);
		signal.addEventListener("abort", aborted);
		socket.on("error", () => end(false));
		socket.on("close", () => end(false));
		socket.on("message", (data) => {
			if (hasEvents(String(data), snapshotWillDo)) end(true);
		});
	});

/** Whether a frame is a batch (or, if allowed, a snapshot) with events in it. */
export function hasEvents(text: string, snapshotWillDo: boolean): boolean {
	try {
		const { type, columns } = JSON.parse(text);
		const right = type === "batch" || (snapshotWillDo && type === "snapshot");
		return right && columns.device.length > 0;
	} catch {
		return false;
	}
}
