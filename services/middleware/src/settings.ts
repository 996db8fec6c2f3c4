/** The settings of this service. */
import type { SettingName, Settings } from "@fireworks/contracts";

export const MIDDLEWARE_SETTINGS = [
	"topicWiener",
	"topicMetronome",
	"topicDeadLetter",
	"middlewareTopic",
	"middlewareKeyPath",
	"middlewareTimePath",
	"middlewareTimeUnit",
	"middlewareSequencePath",
	"middlewareNumberPaths",
	"middlewareNames",
	"middlewareUnits",
	"middlewarePort",
	"middlewareQueueBytesMax",
	"middlewareOrigins",
	"middlewareClientsMax",
	"middlewareClientsPerAddressMax",
	"middlewareProxyHops",
	"relaySecret",
	"relaySecretFile",
	"middlewareBearerToken",
	"middlewareBearerTokenFile",
	"middlewareTicketSecret",
	"middlewareTicketSecretFile",
	"engine",
] as const satisfies readonly SettingName[];

export type MiddlewareSettings = Settings<(typeof MIDDLEWARE_SETTINGS)[number]>;
