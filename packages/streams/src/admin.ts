/** For programs that look at streams and repair them. Stages and readers need only the log. */
export type { Fetched, Place } from "./kafka/direct-reader.ts";
export {
	type GroupDescription,
	type LogAdmin,
	openAdmin,
	type TopicDescription,
} from "./kafka/log-admin.ts";
export {
	type SeedPositionOptions,
	seedPosition,
} from "./stage/seed-position.ts";
