/**
 * The cache of jars: outside the working tree, shared by all clones of one user.
 *
 * A jar is either absent or complete, because it gets its name only after its hash was checked. What can still go wrong is a disk or a
 * person: the size is looked at on every start (cheap), the hash by `doctor` (0.2 s).
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { KAFKA_VERSION, type LockedJar } from "./jar-lock.ts";

/** What is wrong with a cached jar. */
export type JarFault = "absent" | "wrong-size" | "wrong-hash";
export interface FaultyJar {
	jar: LockedJar;
	fault: JarFault;
}

/** Where the project keeps downloads unless told otherwise: `$XDG_CACHE_HOME/fireworks`, else `~/.cache/fireworks`. */
export const defaultCacheRoot = (
	env: Readonly<Record<string, string | undefined>> = process.env,
): string => join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "fireworks");

/** The folder of this Kafka's jars in a cache. */
export const kafkaCacheDir = (cacheRoot: string = defaultCacheRoot()): string =>
	join(cacheRoot, `kafka-${KAFKA_VERSION}`);

export const jarFile = (cacheDir: string, jar: LockedJar): string =>
	join(cacheDir, ...jar.path.split("/"));

/** The jars that must be fetched, seen by presence and size. */
export async function incompleteJars(
	cacheDir: string,
	jars: readonly LockedJar[],
): Promise<FaultyJar[]> {
	const faults = await Promise.all(
		jars.map(async (jar): Promise<FaultyJar | undefined> => {
			const size = await fileSize(jarFile(cacheDir, jar));
			if (size === undefined) return { jar, fault: "absent" };
			return size === jar.size ? undefined : { jar, fault: "wrong-size" };
		}),
	);
	return faults.filter((f) => f !== undefined);
}

/** As incompleteJars, and reads every byte: also those whose content is not the locked one. */
export async function corruptJars(
	cacheDir: string,
	jars: readonly LockedJar[],
): Promise<FaultyJar[]> {
	const faulty = await incompleteJars(cacheDir, jars);
	const known = new Set(faulty.map((f) => f.jar.path));
	for (const jar of jars) {
		if (known.has(jar.path)) continue;
		if ((await sha256Of(jarFile(cacheDir, jar))) !== jar.sha256)
			faulty.push({ jar, fault: "wrong-hash" });
	}
	return faulty;
}

async function fileSize(path: string): Promise<number | undefined> {
	try {
		return (await stat(path)).size;
	} catch {
		return undefined;
	}
}

async function sha256Of(path: string): Promise<string> {
	const hash = createHash("sha256");
	await pipeline(createReadStream(path), hash);
	return hash.digest("hex");
}
