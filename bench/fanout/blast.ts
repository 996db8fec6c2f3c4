/** Sends frames to all clients as fast as they accept them, and measures the cost. */
import { setImmediate as turn } from "node:timers/promises";

/** The sender pauses while more bytes than this wait for one of its clients. */
const WAITING_BYTES_MAX = 65_536;

export interface Blast {
	sends: number;
	wallMs: number;
	/** CPU time of the server's process. */
	cpuMs: number;
}

/** send: sends one frame to every client. waiting: bytes that wait for the slowest client. */
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

/** Resident memory in bytes after a garbage collection. */
export const residentBytes = (): number => {
	(globalThis as { gc?: () => void }).gc?.();
	return process.memoryUsage().rss;
};
