/** The Spark engine. On a cluster spark-submit says the rest (spark.*). */
import { z } from "zod";
import { integer, text } from "../setting-types.ts";
import { setting } from "./setting.ts";

export const SPARK_SETTINGS = {
	sparkMaster: setting(
		text(/^\S+$/, "a master of Spark, such as local[2]"),
		"local[2]",
		"Spark's master, where spark-submit names none",
	),
	sparkHeapMb: setting(
		integer(256, 65_536),
		"1024",
		"Heap of Spark's JVM, where spark-submit names none",
	),
	sparkCheckpointDir: setting(
		z.string(),
		"",
		"Folder or file system address of the checkpoints; empty: `spark` in the state folder. What is in it can always be made again from the changelog",
	),
	sparkBatchRecordsMax: setting(
		integer(1, 10_000_000),
		"100000",
		"Input records a micro-batch of Spark holds, at most; its transactions are those of the processor's settings",
	),
	sparkStateStore: setting(
		z.enum(["memory", "rocksdb"]) as z.ZodType<string, string>,
		"memory",
		"Where Spark has the states: memory (fewer milliseconds a batch), or rocksdb (more devices than fit into memory)",
	),
} as const;
