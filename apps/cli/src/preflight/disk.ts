/** Checks that the disk has room. Without room Kafka stops, and may leave an incomplete log. */
import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { reasonOf, refuseUnsafeCache } from "@fireworks/local-kafka";
import { cacheRootOf } from "../local/supervisor/parts.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

export const DISK = {
	/** Below this, nothing is started. */
	bytesMin: 500_000_000,
	/** A week of 5 devices takes 0.6 GB. */
	bytesGood: 2_000_000_000,
} as const;

const megabytes = (bytes: number) =>
	bytes >= 10e9
		? `${(bytes / 1e9).toFixed(0)} GB`
		: `${(bytes / 1e6).toFixed(0)} MB`;

/** what: for example "state folder". */
export function judgeDisk(
	what: string,
	path: string,
	bytesFree: number,
): Finding {
	const check = `disk of the ${what}`;
	const message = `${megabytes(bytesFree)} free at ${path}`;
	if (bytesFree < DISK.bytesMin)
		return problem(
			check,
			`only ${message}; at least ${megabytes(DISK.bytesMin)} are needed`,
			"Make room on that disk; `fireworks down --purge` removes the data of this system",
		);
	if (bytesFree < DISK.bytesGood)
		return warning(
			check,
			`only ${message}`,
			"Make room, or keep less: FIREWORKS_RETENTION_MS",
		);
	return ok(check, message);
}

/** Checks the disk that holds the folder, or will hold it. */
export function checkDisk(what: string, path: string): Finding {
	let there = path;
	while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
	try {
		const { bavail, bsize } = statfsSync(there);
		return judgeDisk(what, path, bavail * bsize);
	} catch (error) {
		return warning(
			`disk of the ${what}`,
			`${path} cannot be looked at: ${(error as Error).message}`,
			"Check that the disk is mounted",
		);
	}
}

/** Checks that downloads have a folder that only this user can change, with room on its disk. */
export function checkCache(settings: { cacheDir: string }): Finding {
	try {
		const root = cacheRootOf(settings);
		refuseUnsafeCache(root);
		return checkDisk("cache", root);
	} catch (error) {
		const [message = "", ...fix] = reasonOf(error).split(
			/(?<=\.) (?=Set|Correct)/,
		);
		return problem("cache", message, fix.join(" "));
	}
}
