/** Repeats what failed because the catalog is away, for as long as it takes. */
import { setTimeout as sleep } from "node:timers/promises";
import { CatalogUnavailableError } from "../errors.ts";

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

export interface Waiting {
	readonly logger: {
		info(o: object, m: string): void;
		warn(o: object, m: string): void;
	};
	readonly signal?: AbortSignal | undefined;
}

/** Throws the signal's reason when it is aborted. attempts: those that failed so far. */
export async function backOff(
	attempts: number,
	{ signal }: Waiting,
): Promise<void> {
	signal?.throwIfAborted();
	const wait = Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS);
	await sleep(wait, undefined, { signal }).catch(() => {
		signal?.throwIfAborted();
	});
}

export async function untilAvailable<T>(
	act: () => Promise<T>,
	waiting: Waiting,
): Promise<T> {
	for (let attempts = 1; ; attempts += 1) {
		try {
			return await act();
		} catch (error) {
			if (!(error instanceof CatalogUnavailableError)) throw error;
			waiting.logger.warn(
				{ attempts, error: error.message },
				"the lake's catalog is not available: trying again",
			);
			await backOff(attempts, waiting);
		}
	}
}
