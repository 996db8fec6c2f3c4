export * from "./changelog.ts";
export * from "./dead-letter.ts";
export * from "./event-mapping.ts";
export type { MappedRecord } from "./event-mapping-path.ts";
export * from "./event-time.ts";
export * from "./exit-codes.ts";
export * from "./frames.ts";
export * from "./parse-settings.ts";
export { partitionOf } from "./partition.ts";
export { PIPELINE_NAME, PIPELINE_NAME_RULE } from "./pipeline-name.ts";
export { REFUSED_CODES, Refused, type RefusedCode } from "./refused.ts";
export {
	type ChartPlace,
	defaultText,
	KAFKA_SETTINGS,
	REMOVED_SETTINGS,
	type SaslMechanism,
	SETTINGS,
	type Setting,
	type SettingTier,
} from "./settings.ts";
export * from "./stream-position.ts";
export * from "./tick.ts";
export * from "./tick-schema.ts";
export * from "./topics.ts";
export * from "./unknown-variables.ts";
export * from "./verdict.ts";
export * from "./websocket-v2/client-frames.ts";
export * from "./websocket-v2/server-frames.ts";
export * from "./why-no-event.ts";
export * from "./wiener-record.ts";
