/** The values of processor.spark: the engine on a cluster. */
import { z } from "zod";
import { resources, whole } from "./kubernetes-values.ts";

const heap = (about: string) =>
	z
		.string()
		.regex(/^[0-9]+[mg]$/)
		.describe(about);

export const spark = z
	.strictObject({
		executors: whole(1, 1_000, "Pods of Spark's executors"),
		executorCores: whole(1, 64, "Tasks an executor runs at a time"),
		executorRequestCores: z
			.string()
			.regex(/^[0-9]+m?$/)
			.describe("CPU an executor asks for"),
		executorMemory: heap("Heap of an executor"),
		driverMemory: heap("Heap of the driver"),
		driverResources: resources.describe(
			"Of the driver's container; more memory than its heap",
		),
		checkpoints: z
			.strictObject({
				accessModes: z
					.array(z.enum(["ReadWriteOnce", "ReadWriteMany"]))
					.min(1)
					.describe(
						"ReadWriteMany where driver and executors are on several nodes",
					),
				storageClass: z.string().describe("Empty: the cluster's default"),
				size: z
					.string()
					.regex(/^[0-9]+[MGT]i$/)
					.describe("Of the volume"),
			})
			.describe(
				"The volume of the checkpoints, which driver and executors share",
			),
		conf: z
			.record(z.string().regex(/^spark\./), z.string())
			.describe("Further settings of Spark (spark.*)"),
	})
	.describe(
		"Where the engine is spark: one driver, which is the processor's pod, and its executors",
	);
