/**
 * The live heap of a service that was started with --inspect=127.0.0.1:0, after a full garbage
 * collection.
 */
import { once } from "node:events";
import { WebSocket } from "ws";
import type { Service } from "../../tests/harness/service.ts";
import { waitFor } from "../../tests/harness/wait-for.ts";

export const INSPECT = ["--inspect=127.0.0.1:0"];

/** MB (10^6 bytes) in use after everything unreachable is collected. */
export async function liveHeapMb(service: Service): Promise<number> {
	const address = await waitFor("the inspector's address", () =>
		service.otherLines
			.map((line) => /ws:\/\/\S+/.exec(line)?.[0])
			.find((url) => url !== undefined),
	);
	const socket = new WebSocket(address);
	await once(socket, "open");
	const call = async (id: number, method: string) => {
		const answered = new Promise<{ result: { usedSize: number } }>((resolve) =>
			socket.on("message", (data) => {
				const answer = JSON.parse(String(data));
				if (answer.id === id) resolve(answer);
			}),
		);
		socket.send(JSON.stringify({ id, method }));
		return (await answered).result;
	};
	await call(1, "HeapProfiler.enable");
	await call(2, "HeapProfiler.collectGarbage");
	const { usedSize } = await call(3, "Runtime.getHeapUsage");
	socket.close();
	return usedSize / 1e6;
}
