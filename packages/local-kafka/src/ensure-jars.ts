/**
 * All jars in the cache: fetches those that are absent or of a wrong size, a few at a time, each tried again with back-off until one
 * deadline for all. Two processes may do so at once: both write under temporary names, and the last rename wins with equal bytes.
 */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { corruptJars, incompleteJars, kafkaCacheDir } from "./cache.ts";
import { classDataDir } from "./class-data.ts";
import { downloadJar, PART_SUFFIX, RefusedError } from "./download-jar.ts";
import { LocalKafkaError, reasonOf } from "./errors.ts";
import { JARS, jarsSize, type LockedJar } from "./jar-lock.ts";

/** Where Maven Central is; a mirror can be set. */
export const DEFAULT_MAVEN_URL = "https://repo1.maven.org/maven2";

const PARALLEL = 6;
const RETRY_MAX_MS = 8_000;
/** A jar whose bytes are wrong so many times in a row is not a fault of the transfer. */
const CORRUPT_TRIES = 3;
/** A temporary file so old belongs to nobody any more. */
const PART_AGE_MAX_MS = 3_600_000;

export interface EnsureJarsOptions {
	/** Default: kafkaCacheDir(). */
	cacheDir?: string;
	/** Default: DEFAULT_MAVEN_URL. */
	mavenUrl?: string;
	/** For all jars together. Default: 5 minutes. */
	deadlineMs?: number;
	/** Wait before the second try of a jar; doubles until 8 s. Default: 500. */
	retryFirstMs?: number;
	/** Also reads what is there and checks its hash. Default: only its size. */
	verify?: boolean;
	signal?: AbortSignal;
	onProgress?: (progress: JarProgress) => void;
	jars?: readonly LockedJar[];
}

export interface JarProgress {
	/** Bytes of the jars to fetch: so far, and in all. */
	bytes: number;
	bytesTotal: number;
	jars: number;
	jarsTotal: number;
}

/** Fetches what is needed; returns how many jars that were. Throws LocalKafkaError `download-failed`, `jar-corrupt` or `aborted`. */
export async function ensureJars(
	options: EnsureJarsOptions = {},
): Promise<{ fetched: number }> {
	const {
		cacheDir = kafkaCacheDir(),
		mavenUrl = DEFAULT_MAVEN_URL,
		deadlineMs = 300_000,
		retryFirstMs = 500,
		jars = JARS,
	} = options;
	const faulty = await (options.verify ? corruptJars : incompleteJars)(
		cacheDir,
		jars,
	);
	if (faulty.length === 0) return { fetched: 0 };
	await sweep(cacheDir);
	const wanted = faulty.map((f) => f.jar).sort((a, b) => b.size - a.size);
	const progress: JarProgress = {
		bytes: 0,
		bytesTotal: jarsSize(wanted),
		jars: 0,
		jarsTotal: wanted.length,
	};
	const failed = new AbortController();
	const deadline = AbortSignal.timeout(deadlineMs);
	const signal = AbortSignal.any([
		deadline,
		failed.signal,
		...(options.signal ? [options.signal] : []),
	]);
	const report = () => options.onProgress?.({ ...progress });
	const fetchOne = (jar: LockedJar) =>
		withRetries(signal, retryFirstMs, () =>
			downloadJar({
				mavenUrl,
				cacheDir,
				jar,
				signal,
				onBytes(count) {
					progress.bytes += count;
					report();
				},
			}),
		);
	const queue = [...wanted];
	const work = async () => {
		for (let jar = queue.shift(); jar; jar = queue.shift()) {
			await fetchOne(jar);
			progress.jars += 1;
			report();
		}
	};
	report();
	try {
		await Promise.all(
			Array.from({ length: PARALLEL }, () =>
				work().catch((error: unknown) => {
					failed.abort(error);
					throw error;
				}),
			),
		);
	} catch (error) {
		if (options.signal?.aborted)
			throw new LocalKafkaError("aborted", "fetching Kafka's jars was stopped");
		if (error instanceof LocalKafkaError) throw error;
		throw new LocalKafkaError(
			"download-failed",
			`Kafka's jars could not be fetched from ${mavenUrl}: ${reasonOf(error)}${deadline.aborted ? ` (given up after ${deadlineMs / 1000} s)` : ""}. Check the network (behind a proxy that re-signs TLS: NODE_EXTRA_CA_CERTS), or set FIREWORKS_MAVEN_URL to a mirror; what was fetched is kept.`,
			{ cause: error },
		);
	}
	// The JVM's archive of classes is of the jars as they were, by their times: it would be refused, silently, from now on.
	await rm(classDataDir(cacheDir), { recursive: true, force: true });
	return { fetched: wanted.length };
}

/** Tries until it works, the signal is aborted, or another try is pointless. Throws the last try's error. */
async function withRetries(
	signal: AbortSignal,
	firstMs: number,
	attempt: () => Promise<void>,
): Promise<void> {
	let delayMs = firstMs;
	for (let corrupt = 0; ; ) {
		try {
			return await attempt();
		} catch (error) {
			if (error instanceof RefusedError || signal.aborted) throw error;
			if (error instanceof LocalKafkaError && ++corrupt >= CORRUPT_TRIES)
				throw error;
			try {
				await sleep(delayMs, undefined, { signal });
			} catch {
				throw error;
			}
			delayMs = Math.min(delayMs * 2, RETRY_MAX_MS);
		}
	}
}

/** Removes the temporary files of processes that were killed long ago. */
async function sweep(cacheDir: string): Promise<void> {
	const names = await readdir(cacheDir, { recursive: true }).catch(() => []);
	for (const name of names) {
		if (!name.endsWith(PART_SUFFIX)) continue;
		const path = join(cacheDir, name);
		const info = await stat(path).catch(() => undefined);
		if (info && Date.now() - info.mtimeMs > PART_AGE_MAX_MS)
			await rm(path, { force: true });
	}
}
