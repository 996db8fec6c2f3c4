/** The processor, and stages of your own. */
import { integer, text } from "../setting-types.ts";
import { port, setting } from "./setting.ts";

export const PROCESSOR_SETTINGS = {
	processorPort: setting(port(), "8082", "Health and metrics of the processor"),
	processorGroup: setting(
		text(/^\S{1,200}$/, "a group id"),
		"fireworks-processor",
		"Consumer group of the processor",
	),
	processorSessionTimeoutMs: setting(
		integer(1_000, 300_000),
		"6000",
		"After so long without a heartbeat the group gives a processor's partitions to another; brokers allow 6000 and more by default",
	),
	processorTransactionRecordsMax: setting(
		integer(1, 100_000),
		"4000",
		"Input records a transaction of the processor holds, at most",
	),
	processorTransactionBytesMax: setting(
		integer(1_000, 64_000_000),
		"4000000",
		"Bytes a transaction of the processor writes, at most, unless one record has more",
	),
	stagePort: setting(
		port(),
		"8083",
		"Health and metrics of a stage of your own",
	),
} as const;
