/** How the partitions are spread over several processors. */
import type { Service } from "../harness/service.ts";
import { waitFor } from "../harness/wait-for.ts";

/** Waits until the processors work on all partitions, each on at least one. */
export const shared = (processors: readonly Service[]) =>
	waitFor(
		`${processors.length} processors to share the partitions`,
		async () => {
			const counts = await Promise.all(
				processors.map((service) => service.metric("fireworks_stage_running")),
			);
			return counts.every((n) => n > 0) && counts.reduce((a, b) => a + b) === 4;
		},
		60_000,
	);
