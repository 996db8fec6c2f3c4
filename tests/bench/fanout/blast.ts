/** Sends frames to all clients as fast as they are taken, and says what that cost. */
import { setImmediate as turn } from "node:timers/promises";

/** A server holds back while more than this waits for one of its clients. */
const WAITING_BYTES_MAX = 65_536;

export interface Blast {
	sends: number;
	wallMs: number;
	/** Of the server's process. */
	cpuMs: number;
}

/** send: one frame to every client. waiting: bytes that wait for the client that has most. */
export async function blast(
	frames: number,
	clients: number,
	send: () => void | Promise<void>,
	waiting: () => number,
): Promise<Blast> {
	const begun = performance.now();
	const cpu = process.cpuUsage();
	for (let i = 0; i < frames; i++) {
		await send();
		do await turn();
		while (waiting() > WAITING_BYTES_MAX);
	}
	while (waiting() > 0) await turn();
	const { user, system } = process.cpuUsage(cpu);
	return {
		sends: frames * clients,
		wallMs: performance.now() - begun,
		cpuMs: (user + system) / 1_000,
	};
}

/** Resident bytes after what is garbage has gone. */
export const residentBytes = (): number => {
	(globalThis as { gc?: () => void }).gc?.();
	return process.memoryUsage().rss;
};
