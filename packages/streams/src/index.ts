export { DeadLetter, StreamsError, type StreamsErrorCode } from "./errors.ts";
export type { OpenLogOptions } from "./kafka/kafka-client.ts";
export type { StreamsLogger } from "./kafka/logger.ts";
export { openLog } from "./kafka/open-log.ts";
export type * from "./log.ts";
export type { Duration } from "./operators/duration.ts";
export {
	type JoinBroadcastDefinition,
	joinBroadcast,
} from "./operators/join-broadcast.ts";
export {
	type JoinStreamsDefinition,
	joinStreams,
} from "./operators/join-streams.ts";
export { type JoinTableDefinition, joinTable } from "./operators/join-table.ts";
export type { LateRecord } from "./operators/late.ts";
export {
	type AnyOperator,
	type Operator,
	type OperatorGraph,
	operator,
	type Stream,
	stream,
} from "./operators/operator.ts";
export {
	branch,
	filter,
	map,
	merge,
	rekey,
} from "./operators/stateless.ts";
export {
	defineTopology,
	describeTopology,
	type Topology,
	type TopologyDescription,
	topologyPicture,
} from "./operators/topology.ts";
export { versioned } from "./operators/versioned.ts";
export {
	hopping,
	session,
	tumbling,
	type Window,
} from "./operators/window.ts";
export { type WindowedDefinition, windowed } from "./operators/windowed.ts";
export {
	openSource,
	type Source,
	type SourceOptions,
} from "./source/source.ts";
export { watchTopics } from "./source/watch-topics.ts";
export { resetsIn } from "./stage/changelog.ts";
export {
	defineStage,
	defineStateless,
	type StageDefinition,
	type StageOutput,
	type StageRecord,
} from "./stage/define-stage.ts";
export type { RefusedKey } from "./stage/refused-keys.ts";
export {
	type KeyReset,
	type ResetKeyOptions,
	resetKey,
} from "./stage/reset-key.ts";
export {
	type RunningStage,
	type RunStageOptions,
	runStage,
} from "./stage/run-stage.ts";
export type { StageOptions } from "./stage/runtime.ts";
export type {
	Broadcast,
	OutputRecord,
	Stage,
	StepContext,
	StepResult,
} from "./stage/stage.ts";
export { type Clock, systemClock } from "./time.ts";
