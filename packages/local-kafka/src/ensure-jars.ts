/**
 * Makes sure that all jars are in the cache. It fetches those that are absent or have a wrong size,
 * a few at a time. Each is retried with back-off until one deadline for all. Two processes can do
 * this at once: both write under temporary names, and the last rename wins with equal bytes.
 */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { corruptJars, incompleteJars, kafkaCacheDir } from "./cache.ts";
import { classDataDir } from "./class-data.ts";
import { downloadJar, PART_SUFFIX, RefusedError } from "./download-jar.ts";
import { LocalKafkaError, reasonOf } from "./errors.ts";
import { JARS, jarsSize, type LockedJar } from "./jar-lock.ts";
import { proxyAdvice, proxySettings, withProxy } from "./proxy.ts";

/** Maven Central's address; a mirror can be set. */
export const DEFAULT_MAVEN_URL = "https://repo1.maven.org/maven2";

const PARALLEL = 6;
const RETRY_MAX_MS = 8_000;
/** After this many consecutive downloads with wrong bytes, the transfer is not the cause. */
const CORRUPT_TRIES = 3;
/** A temporary file of this age is abandoned. */
const PART_AGE_MAX_MS = 3_600_000;

export interface EnsureJarsOptions {
	/** Default: kafkaCacheDir(). */
	cacheDir?: string;
	/** Default: DEFAULT_MAVEN_URL. */
	mavenUrl?: string;
	/** Deadline for all jars together. Default: 5 minutes. */
	deadlineMs?: number;
	/**
	 * Give up when no byte of any jar has arrived within this time: no network, an unresolvable
	 * host name, an unreachable proxy. Default: 20 s.
	 */
	firstByteMs?: number;
	/** Wait before the second try of a jar; doubles up to 8 s. Default: 500. */
	retryFirstMs?: number;
	/** Also reads the cached jars and checks their hashes. Default: checks only their sizes. */
	verify?: boolean;
	signal?: AbortSignal;
	onProgress?: (progress: JarProgress) => void;
	jars?: readonly LockedJar[];
	/** The variables of the proxy. Default: process.env. */
	env?: NodeJS.ProcessEnv;
}

export interface JarProgress {
	/** Bytes of the jars to fetch: so far, and in total. */
	bytes: number;
	bytesTotal: number;
	jars: number;
	jarsTotal: number;
}

/**
 * Fetches the jars that are needed and returns their number. Throws LocalKafkaError
 * `download-failed`, `jar-corrupt`, `cache-unusable` or `aborted`.
 */
export async function ensureJars(
	options: EnsureJarsOptions = {},
): Promise<{ fetched: number }> {
	const {
		cacheDir = kafkaCacheDir(),
		mavenUrl = DEFAULT_MAVEN_URL,
		deadlineMs = 300_000,
		firstByteMs = 20_000,
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
	const silence = new AbortController();
	const silent = setTimeout(
		() => silence.abort(new Error("nothing came")),
		firstByteMs,
	);
	const signal = AbortSignal.any([
		deadline,
		failed.signal,
		silence.signal,
		...(options.signal ? [options.signal] : []),
	]);
	const report = () => options.onProgress?.({ ...progress });
	// Kept because it explains more than the time-out error that follows it.
	let lastFailure: unknown;
	const fetchOne = (jar: LockedJar) =>
		withRetries(signal, retryFirstMs, () =>
			downloadJar({
				mavenUrl,
				cacheDir,
				jar,
				signal,
				onBytes(count) {
					if (count > 0) clearTimeout(silent);
					progress.bytes += count;
					report();
				},
			}).catch((error: unknown) => {
				if (!signal.aborted) lastFailure = error;
				throw cannotWrite(error, cacheDir) ?? error;
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
	const proxy = proxySettings(options.env ?? process.env);
	const all = () =>
		Promise.all(
			Array.from({ length: PARALLEL }, () =>
				work().catch((error: unknown) => {
					failed.abort(error);
					throw error;
				}),
			),
		);
	try {
		await withProxy(proxy, all);
	} catch (error) {
		if (options.signal?.aborted)
			throw new LocalKafkaError("aborted", "fetching Kafka's jars was stopped");
		if (error instanceof LocalKafkaError) throw error;
		const givenUp = silence.signal.aborted
			? ` (given up, as nothing came within ${firstByteMs / 1000} s)`
			: deadline.aborted
				? ` (given up after ${deadlineMs / 1000} s)`
				: "";
		const why = reasonOf(signal.aborted ? (lastFailure ?? error) : error);
		throw new LocalKafkaError(
			"download-failed",
			`Kafka's jars could not be fetched from ${mavenUrl}: ${why}${givenUp}. ${proxyAdvice(proxy, mavenUrl)}. For a proxy that re-signs TLS set NODE_EXTRA_CA_CERTS; for a mirror set FIREWORKS_MAVEN_URL. What was fetched is kept.`,
			{ cause: error },
		);
	} finally {
		clearTimeout(silent);
	}
	// The JVM's class archive refers to the old jars by their times. With the new jars the JVM
	// would silently reject it from now on.
	await rm(classDataDir(cacheDir), { recursive: true, force: true });
	return { fetched: wanted.length };
}

/**
 * Retries until it works, the signal is aborted, or another try is pointless. Throws the last try's
 * error.
 */
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
			if (error instanceof LocalKafkaError) {
				if (error.code !== "jar-corrupt") throw error;
				corrupt += 1;
				if (corrupt >= CORRUPT_TRIES) throw error;
			}
			try {
				await sleep(delayMs, undefined, { signal });
			} catch {
				throw error;
			}
			delayMs = Math.min(delayMs * 2, RETRY_MAX_MS);
		}
	}
}

const UNWRITABLE = ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "ENOTDIR"];

/**
 * The error of a full or read-only disk, which a retry cannot fix. Returns undefined for any other
 * cause.
 */
function cannotWrite(
	error: unknown,
	cacheDir: string,
): LocalKafkaError | undefined {
	const { code, syscall } = error as NodeJS.ErrnoException;
	if (!UNWRITABLE.includes(code ?? "") || syscall === "connect")
		return undefined;
	return new LocalKafkaError(
		"cache-unusable",
		`Kafka's jars cannot be kept in ${cacheDir}: ${reasonOf(error)}. Make room, or set FIREWORKS_CACHE_DIR to a folder that you can write to.`,
		{ cause: error },
	);
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
