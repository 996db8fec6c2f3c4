/** The source of the pipeline: a file with one JSON record on each line. */
import { readFileSync } from "node:fs";
import { defineSource } from "@fireworks/pipeline";
import { readings } from "./streams.ts";

const FILE = new URL("data.ndjson", import.meta.url);
const LINES_A_POLL = 500;

/** Writes each line once. It looks for new lines every second. */
export const file = defineSource<unknown, { line: number }>({
	name: "example-file",
	output: readings,
	poll: async (position) => {
		const from = position?.line ?? 0;
		// The last line counts once it ends.
		const lines = readFileSync(FILE, "utf8").split("\n").slice(0, -1);
		const some = lines.slice(from, from + LINES_A_POLL);
		return {
			records: some.map(recordOf),
			position: { line: from + some.length },
			...(some.length === LINES_A_POLL ? {} : { waitMs: 1_000 }),
		};
	},
});

/** A line that is not JSON stays a text, which no stream takes: it becomes a dead letter. */
function recordOf(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return line;
	}
}
