export { type Clock, systemClock } from "@fireworks/time";
export {
	type Middleware,
	type MiddlewareOptions,
	startMiddleware,
} from "./middleware.ts";
export type { ReadableLog } from "./reader/readable-log.ts";
export { signTicket } from "./server/auth.ts";
export { MIDDLEWARE_SETTINGS, type MiddlewareSettings } from "./settings.ts";
