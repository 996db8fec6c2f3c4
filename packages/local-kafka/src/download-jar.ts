/**
 * Downloads one jar from the Maven repository into the cache: streamed to a temporary name,
 * checked, renamed.
 *
 * An incomplete jar is never visible. If the process is killed, its temporary file stays under a
 * name that no program reads, and ensureJars removes it later.
 */
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { jarFile } from "./cache.ts";
import { LocalKafkaError } from "./errors.ts";
import type { LockedJar } from "./jar-lock.ts";

export const PART_SUFFIX = ".part";
/** The download is abandoned if the server sends nothing for this long. */
const STALL_MS = 15_000;

export interface DownloadOptions {
	/** The repository's root, with or without a trailing slash. */
	mavenUrl: string;
	cacheDir: string;
	jar: LockedJar;
	signal: AbortSignal;
	/** Called with the number of bytes received since the last call. */
	onBytes(count: number): void;
}

/** A failure that another try cannot fix, such as 404. */
export class RefusedError extends Error {
	override name = "RefusedError";
}

/**
 * Throws RefusedError, LocalKafkaError `jar-corrupt`, or any error of fetch and the file system.
 */
export async function downloadJar(options: DownloadOptions): Promise<void> {
	const { cacheDir, jar, mavenUrl } = options;
	const target = jarFile(cacheDir, jar);
	const part = `${target}.${randomUUID()}${PART_SUFFIX}`;
	const url = `${mavenUrl.replace(/\/+$/, "")}/${jar.path}`;
	const stall = new AbortController();
	const timer = setTimeout(
		() => stall.abort(new Error(`nothing came for ${STALL_MS / 1000} s`)),
		STALL_MS,
	);
	const signal = AbortSignal.any([options.signal, stall.signal]);
	const hash = createHash("sha256");
	let received = 0;
	const meter = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			timer.refresh();
			hash.update(chunk);
			received += chunk.length;
			options.onBytes(chunk.length);
			done(null, chunk);
		},
	});
	await mkdir(dirname(target), { recursive: true });
	try {
		const response = await fetch(url, { signal });
		if (!response.ok || response.body === null) {
			await response.body?.cancel();
			const { status } = response;
			const message = `${url} answered ${status}`;
			if (status >= 500 || status === 408 || status === 429)
				throw new Error(message);
			throw new RefusedError(message);
		}
		await pipeline(response.body, meter, createWriteStream(part), { signal });
		const sha256 = hash.digest("hex");
		if (sha256 !== jar.sha256)
			throw new LocalKafkaError(
				"jar-corrupt",
				`${url} is not the locked file: ${received} bytes of SHA-256 ${sha256}, expected ${jar.size} of ${jar.sha256}`,
			);
		await rename(part, target);
	} catch (error) {
		options.onBytes(-received);
		await rm(part, { force: true });
		throw signal.aborted ? (signal.reason ?? error) : error;
	} finally {
		clearTimeout(timer);
	}
}
