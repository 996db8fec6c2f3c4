/** What a run's dead letters say. */
import { readTopic } from "../harness/stream.ts";
import type { FaultRun } from "./fault-run.ts";
import { countsOf } from "./rubbish.ts";

/** How many of each code, once there are so many letters in all. */
export async function deadLetterCodes(run: FaultRun, count: number) {
	const letters = await readTopic(
		run.log,
		run.stream.settings.topicDeadLetter,
		(all) => all.length >= count,
	);
	return countsOf(letters.map((r) => String(r.headers["error-code"])));
}
