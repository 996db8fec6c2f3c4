/**
 * The cache of jars: outside the working tree, shared by all clones of one user.
 *
 * A jar is either absent or complete, because it gets its final name only after its hash was
 * checked. A disk failure or a person can still damage it. So every start checks the size (cheap),
 * and `doctor` checks the hash (0.2 s).
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cacheRoot } from "./cache-folder.ts";
import { KAFKA_VERSION, type LockedJar } from "./jar-lock.ts";

/** The defect of a cached jar. */
export type JarFault = "absent" | "wrong-size" | "wrong-hash";
export interface FaultyJar {
	jar: LockedJar;
	fault: JarFault;
}

/** The folder of this Kafka's jars in a cache. Throws the same errors as cacheRoot(). */
export const kafkaCacheDir = (root: string = cacheRoot()): string =>
	join(root, `kafka-${KAFKA_VERSION}`);

export const jarFile = (cacheDir: string, jar: LockedJar): string =>
	join(cacheDir, ...jar.path.split("/"));

/** The jars that must be fetched, judged by presence and size. */
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

/**
 * Like incompleteJars, but reads every byte: also finds jars whose content differs from the lock
 * file.
 */
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
