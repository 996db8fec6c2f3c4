/** Compiles classes for a test broker against the jars of the local Kafka. */
import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { findJava, JARS, kafkaCacheDir } from "@fireworks/local-kafka";

/**
 * Returns the folder of the classes; the caller removes it. The compiler runs as a module, because
 * a Java runtime may lack the javac program.
 */
export async function compileJava(source: string): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-classes-"));
	const cache = kafkaCacheDir(process.env.FIREWORKS_CACHE_DIR || undefined);
	const jars = JARS.map((jar) => join(cache, ...jar.path.split("/")));
	const { path } = await findJava();
	await promisify(execFile)(path, [
		"-m",
		"jdk.compiler/com.sun.tools.javac.Main",
		"-d",
		folder,
		"-cp",
		jars.join(delimiter),
		source,
	]);
	return folder;
}
