/**
 * A second engine's stream next to the page's own, and what the two share. Loaded only if there is
 * a second engine.
 */
import { LiveStream } from "../stream/live-stream.ts";
import { Comparer, type Which } from "./comparer.ts";
import { SharedAxes } from "./shared-axes.ts";

export class Comparison {
	readonly streams: readonly [LiveStream, LiveStream];
	readonly comparer: Comparer;
	readonly axes: SharedAxes;

	constructor(stream: LiveStream, url: string) {
		const other = new LiveStream(url);
		this.streams = [stream, other];
		this.comparer = new Comparer(stream.store, other.store);
		this.axes = new SharedAxes(stream.store, other.store);
		for (const which of [0, 1] satisfies Which[]) {
			const side = this.streams[which];
			side.onEvents = (frame) =>
				this.comparer.take(which, frame, side.serverNowMs);
		}
	}

	/** Ends the comparison. The first stream goes on alone. */
	end(): void {
		this.streams[0].onEvents = undefined;
	}
}
