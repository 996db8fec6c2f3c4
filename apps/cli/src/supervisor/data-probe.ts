/**
 * Is data moving? Connects to the middleware as a page does, and waits for events that came after its snapshot.
 *
 * Services that say "ready" do not prove that a tick makes its way to a client: this does.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { PROTOCOL, WEBSOCKET_PATH } from "@fireworks/contracts";
import { WebSocket } from "ws";

const RETRY_MS = 200;

export interface DataProbe {
	/** host:port of the middleware. */
	address: string;
	/** Take what is in the snapshot for an answer: the next tick may be an hour away. */
	snapshotWillDo: boolean;
	/** Where the middleware wants one. */
	bearerToken?: string;
}

/** Resolves true once events came; false where `signal` is aborted first. */
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

/** One connection: true with its first events, false where it ends before. */
const eventsCome = (
	{ address, snapshotWillDo, bearerToken }: DataProbe,
	signal: AbortSignal,
): Promise<boolean> =>
	new Promise((resolve) => {
		const socket = new WebSocket(`ws://${address}${WEBSOCKET_PATH}`, PROTOCOL, {
			handshakeTimeout: 5_000,
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

/** A frame that is a batch (or, where that will do, a snapshot) with events in it. */
export function hasEvents(text: string, snapshotWillDo: boolean): boolean {
	try {
		const { type, columns } = JSON.parse(text);
		const right = type === "batch" || (snapshotWillDo && type === "snapshot");
		return right && columns.device.length > 0;
	} catch {
		return false;
	}
}
