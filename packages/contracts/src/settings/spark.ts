/** Settings of the Spark engine. On a cluster, spark-submit sets the rest (spark.*). */
import { integer, text } from "../setting-types.ts";
import { anyText, choice, setting } from "./setting.ts";

export const SPARK_SETTINGS = {
	sparkMaster: setting({
		schema: text(/^\S+$/, "a master of Spark, such as local[2]"),
		default: "local[2]",
		tier: "tuning",
		chart: { setBy: "processor.spark" },
		about: "Spark's master, unless spark-submit sets one",
	}),
	sparkHeapMb: setting({
		schema: integer(256, 65_536),
		default: 1_024,
		unit: "MB",
		tier: "tuning",
		chart: { setBy: "processor.spark.driverMemory" },
		about: "Heap of Spark's JVM, unless spark-submit sets one",
	}),
	sparkCheckpointDir: anyText({
		tier: "tuning",
		chart: { setBy: "processor.spark.checkpoints" },
		about:
			"Folder or file system address of the checkpoints. Empty: `spark` in the state folder. Its content can be rebuilt from the changelog at any time",
	}),
	sparkStateStore: setting({
		schema: choice(["memory", "rocksdb"]),
		default: "memory",
		tier: "tuning",
		about:
			"Where Spark keeps the states: memory (shorter batches), or rocksdb (more devices than fit into memory)",
	}),
} as const;
