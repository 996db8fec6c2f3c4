/** A typed client of the websocket protocol `fireworks.v1`, for browsers and for Node. */

export { BACK_OFF, type BackOff } from "./back-off.ts";
export {
	Client,
	type ClientEvents,
	type ClientOptions,
	type Subscription,
} from "./client.ts";
export type { Clock, OpenSocket, SocketLike } from "./ports.ts";
export type { ClientState } from "./state.ts";
