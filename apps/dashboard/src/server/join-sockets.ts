/** Forwards the bytes of two connections to each other, until one of them ends. */
import type { Socket } from "node:net";

/**
 * Longer than two of the longest ping intervals: a connection that is silent for this long is dead.
 */
const IDLE_MS = 150_000;
/** After one side has ended, the other has this long to take the remaining bytes. */
const LINGER_MS = 5_000;

/** Each side is read only as fast as the other takes the bytes. */
export function joinSockets(client: Socket, upstream: Socket): void {
	const pairs = [
		[client, upstream],
		[upstream, client],
	] as const;
	for (const [from, to] of pairs) {
		from.setNoDelay(true);
		from.setKeepAlive(true, 60_000);
		from.setTimeout(IDLE_MS, () => from.destroy());
		// The close event follows, and ends the other side.
		from.on("error", () => {});
		const endBoth = () => {
			to.end();
			const timer = setTimeout(() => {
				from.destroy();
				to.destroy();
			}, LINGER_MS);
			timer.unref();
			to.once("close", () => {
				clearTimeout(timer);
				from.destroy();
			});
		};
		from.once("end", endBoth);
		from.once("close", () => {
			if (from.readableEnded) to.end();
			else to.destroy();
		});
		from.pipe(to, { end: false });
	}
}
