/** How the partitions are distributed over several processors. */
import type { Service } from "../harness/service.ts";
import { waitForValue } from "../harness/wait-for.ts";

/** Waits until the processors together work on all partitions, and each on at least one. */
export const shared = (processors: readonly Service[]) =>
	waitForValue(
		`${processors.length} processors to share the partitions`,
		() =>
			Promise.all(
				processors.map((service) => service.metric("fireworks_stage_running")),
			),
		(counts) =>
			counts.every((n) => n > 0) && counts.reduce((a, b) => a + b) === 4,
		180_000,
	);
