export {
	CATALOG_TOPIC,
	type CatalogEntry,
	catalogEntrySchema,
	catalogTopic,
	entryOf,
	IncompatibleError,
} from "./catalog/entry.ts";
export { type PublishOptions, publish } from "./catalog/publish.ts";
export {
	type Catalog,
	type CatalogWatch,
	readCatalog,
	watchCatalog,
} from "./catalog/read.ts";
export { tryToPublish } from "./catalog/try-to-publish.ts";
export { deadLetterTopicOf } from "./dead-letter-topic.ts";
export {
	definePipeline,
	defineSource,
	isPipeline,
	type PipelineDefinition,
	type PipelineSource,
	type Polled,
} from "./define-pipeline.ts";
export { parseLossless, stringifyLossless } from "./lossless-json.ts";
export { partsOf, valueAt } from "./paths.ts";
export { breaksOf, type SchemaBreak } from "./schema/compatibility.ts";
export {
	type Field,
	fieldAt,
	int64,
	type JsonSchema,
	toJsonSchema,
	typesOf,
} from "./schema/json-schema.ts";
export {
	type Validate,
	validatorOf,
	validatorOfZod,
} from "./schema/validate.ts";
export {
	DefinitionError,
	type DefinitionProblem,
	problemsOf,
} from "./stream/check.ts";
export {
	type Decoded,
	type DecoderOptions,
	RECORD_PROBLEMS,
	type ReadRecord,
	type RecordDecoder,
	type RecordProblem,
	type RecordRefusal,
	recordDecoder,
} from "./stream/decoder.ts";
export {
	defineStream,
	type StreamDefinition,
	type StreamOptions,
	topicOf,
} from "./stream/define-stream.ts";
export {
	descriptionSchema,
	type Measure,
	type StreamDescription,
} from "./stream/description.ts";
export { durationMs } from "./stream/duration.ts";
export {
	deadLetterOfInput,
	type ToOutgoing,
	toOutgoing,
} from "./stream/outgoing.ts";
export { recordKey } from "./stream/record-key.ts";
export { wallTime } from "./time/iso.ts";
export { timeReader } from "./time/read-time.ts";
export {
	EPOCH_UNITS,
	type EpochUnit,
	type LocalTime,
	RECORD_TIMESTAMP,
	TimeRefused,
	type TimeSpec,
} from "./time/time-spec.ts";
export { isZone, localTimes } from "./time/zone.ts";
