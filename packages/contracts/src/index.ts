export * from "./changelog.ts";
export * from "./dead-letter.ts";
export * from "./event-mapping.ts";
export type { MappedRecord } from "./event-mapping-path.ts";
export * from "./exit-codes.ts";
export * from "./frames.ts";
export * from "./parse-settings.ts";
export { partitionOf } from "./partition.ts";
export { REFUSED_CODES, Refused, type RefusedCode } from "./refused.ts";
export {
	KAFKA_SETTINGS,
	type SaslMechanism,
	SETTINGS,
	type Setting,
} from "./settings.ts";
export * from "./stream-position.ts";
export * from "./tick.ts";
export * from "./tick-schema.ts";
export * from "./topics.ts";
export * from "./verdict.ts";
export * from "./wiener-record.ts";
