/** Typed clients of the websocket protocols, for browsers and Node. */

export {
	Client,
	type ClientEvents,
	type ClientOptions,
} from "./client.ts";
export type { OpenSocket, SocketLike } from "./socket.ts";
export type { ClientState } from "./state.ts";
export {
	connectStream,
	StreamClient,
	type StreamClientEvents,
	type StreamClientOptions,
	type StreamEventsFrame,
	type StreamListeners,
	type StreamSubscription,
} from "./streams/stream-client.ts";
export {
	type StreamsWatch,
	type WatchStreamsOptions,
	watchStreams,
} from "./streams/watch-streams.ts";
export type { Subscription } from "./subscription.ts";
