/** The error codes of a run's dead letters. */
import { readTopic } from "../harness/stream.ts";
import type { FaultRun } from "./fault-run.ts";
import { countsOf } from "./rubbish.ts";

/** The count of each code, once there are this many dead letters in total. */
export async function deadLetterCodes(run: FaultRun, count: number) {
	const letters = await readTopic(
		run.log,
		run.stream.settings.topicDeadLetter,
		(all) => all.length >= count,
	);
	return countsOf(letters.map((r) => String(r.headers["error-code"])));
}
