/** Watches the list of streams over `fireworks.v2`; reconnects by itself. */
import type { ShownStream, StreamsServerFrame } from "@fireworks/contracts";
import type { Protocol } from "../connection.ts";
import { Emitter } from "../emitter.ts";
import { Link, type LinkOptions } from "../link.ts";
import type { ClientState } from "../state.ts";
import { parseListFrame } from "./parse-stream-frame.ts";
import { STREAM_PROTOCOL_NAME } from "./stream-client.ts";

export interface StreamsWatch {
	readonly state: ClientState;
	/** Reconnects now, e.g. because the network is back. */
	retryNow(): void;
	close(): void;
}

export interface WatchStreamsOptions extends LinkOptions {
	onState?(state: ClientState): void;
}

/** The list's frames do not say how often the server pings; this is more than it takes. */
const PING_MS = 10_000;

const PROTOCOL: Protocol<StreamsServerFrame> = {
	name: STREAM_PROTOCOL_NAME,
	parse: parseListFrame,
	greeting: ({ type }) => (type === "streams" ? PING_MS : undefined),
};

/** Calls onStreams with the whole list, at once and after every change, until close(). */
export function watchStreams(
	url: string,
	onStreams: (streams: readonly ShownStream[]) => void,
	{ onState, ...options }: WatchStreamsOptions = {},
): StreamsWatch {
	// The emitter keeps an error of the callback away from the connection.
	const emitter = new Emitter<{ streams: readonly ShownStream[] }>();
	emitter.on("streams", onStreams);
	const link: Link<StreamsServerFrame> = new Link(
		{
			protocol: PROTOCOL,
			nextUrl: () => url,
			take: (frame, receivedMs) => {
				if (frame.type !== "streams") return;
				if (link.state.kind !== "open") link.opened(receivedMs);
				emitter.emit("streams", frame.streams);
			},
			badFrame: () => {},
			entered: (state) => onState?.(state),
		},
		options,
	);
	link.start();
	return link;
}
