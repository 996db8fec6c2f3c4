export { DeadLetter, StreamsError, type StreamsErrorCode } from "./errors.ts";
export type { StreamsLogger } from "./kafka/logger.ts";
export { type OpenLogOptions, openLog } from "./kafka/open-log.ts";
export type * from "./log.ts";
