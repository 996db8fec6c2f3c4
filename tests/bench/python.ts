/** A Python with confluent-kafka (librdkafka), in a virtual environment of its own in the cache. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { defaultCacheRoot } from "@fireworks/local-kafka";

const CONFLUENT_KAFKA = "confluent-kafka==2.16.1";
const run = promisify(execFile);

/** The interpreter's path; made at the first use. Throws where there is no python3. */
export async function pythonInterpreter(): Promise<string> {
	const folder = join(
		process.env.FIREWORKS_CACHE_DIR || defaultCacheRoot(),
		"bench-python",
	);
	const interpreter = join(folder, "bin", "python");
	const done = join(folder, CONFLUENT_KAFKA);
	if (!existsSync(done)) {
		await run("python3", ["-m", "venv", folder]);
		await run(interpreter, [
			"-m",
			"pip",
			"install",
			"--quiet",
			CONFLUENT_KAFKA,
		]);
		await run("touch", [done]);
	}
	return interpreter;
}
