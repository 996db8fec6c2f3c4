/** The settings of this service. */
import type { SettingName, Settings } from "@fireworks/contracts";

export const MIDDLEWARE_SETTINGS = [
	"topicWiener",
	"middlewareTopic",
	"middlewareKeyPath",
	"middlewareTimePath",
	"middlewareTimeUnit",
	"middlewareSequencePath",
	"middlewareNumberPaths",
	"middlewareNames",
	"middlewareUnits",
	"middlewarePort",
	"middlewareQueueEventsMax",
	"middlewareQueueBytesMax",
	"middlewareDevicesMax",
	"middlewareSnapshotPointsMax",
	"middlewareSnapshotEventsMax",
	"middlewareBatchMs",
	"middlewarePingMs",
	"middlewareOrigins",
	"middlewareClientsMax",
	"middlewareClientsPerAddressMax",
	"middlewareFrameBytesMax",
	"middlewareClientBufferBytesMax",
	"middlewareSlowMaxMs",
	"middlewareClientFramesPerSecondMax",
	"middlewareHandshakeMs",
	"middlewareProxyHops",
	"middlewareBearerToken",
	"middlewareBearerTokenFile",
	"middlewareTicketSecret",
	"middlewareTicketSecretFile",
	"middlewareEngine",
] as const satisfies readonly SettingName[];

export type MiddlewareSettings = Settings<(typeof MIDDLEWARE_SETTINGS)[number]>;
