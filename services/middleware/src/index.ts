export { type Clock, systemClock } from "./clock.ts";
export {
	type Middleware,
	type MiddlewareOptions,
	startMiddleware,
} from "./middleware.ts";
export type { ReadableLog } from "./reader/stream-reader.ts";
export { signTicket } from "./server/auth.ts";
export { MIDDLEWARE_SETTINGS, type MiddlewareSettings } from "./settings.ts";
