export { Counter, Gauge, Histogram, Registry } from "prom-client";
export { bearerTokenOf, sameSecret } from "./bearer.ts";
export type { Check, Health, HealthAnswer } from "./health.ts";
export {
	type HealthServer,
	type HealthServerOptions,
	startHealthServer,
} from "./http-server.ts";
export { createLogger, type Logger } from "./logger.ts";
export {
	runService,
	SERVICE_SETTINGS,
	type ServiceContext,
	type ServiceDefinition,
	ServiceExit,
} from "./run-service.ts";
export { type SecretSettings, secretOf } from "./secret.ts";
export { unreadable } from "./unreadable.ts";
