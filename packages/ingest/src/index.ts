export { runIngest } from "./command.ts";
export { InputError } from "./errors.ts";
export { type IngestContext, type IngestOptions, ingest } from "./ingest.ts";
export type { FileProgress } from "./write/position.ts";
