export { DeadLetter, StreamsError, type StreamsErrorCode } from "./errors.ts";
export type { StreamsLogger } from "./kafka/logger.ts";
export { type OpenLogOptions, openLog } from "./kafka/open-log.ts";
export type * from "./log.ts";
export {
	openSource,
	type Source,
	type SourceOptions,
} from "./source/source.ts";
export {
	defineStage,
	defineStateless,
	type StageDefinition,
	type StageOutput,
	type StageRecord,
} from "./stage/define-stage.ts";
export {
	type RunningStage,
	type RunStageOptions,
	runStage,
} from "./stage/run-stage.ts";
export type { Clock, StageOptions } from "./stage/runtime.ts";
export type {
	OutputRecord,
	Stage,
	StepContext,
	StepResult,
} from "./stage/stage.ts";
export { systemClock } from "./system-clock.ts";
