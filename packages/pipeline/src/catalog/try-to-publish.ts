/**
 * Publishes streams for a service whose work does not need the catalog: next to that work, and
 * without an end of the service if the catalog cannot be written (ACLs, a schema that breaks
 * readers). Then the page and `fireworks streams` do not know the streams, and a warning says why.
 */
import {
	StreamsError,
	type StreamsLogger,
	systemClock,
} from "@fireworks/streams";
import { backOffMs } from "@fireworks/time";
import { CATALOG_TOPIC } from "./entry.ts";
import { type PublishOptions, publish } from "./publish.ts";

/** With the pauses in between: for half a minute, in which a broker may become ready. */
const TRIES_MAX = 6;
const BACK_OFF = { firstMs: 1_000, maxMs: 10_000 } as const;

/** Resolves when the streams are published, when it has given up, or at the signal. */
export async function tryToPublish({
	logger,
	signal,
	...options
}: PublishOptions & {
	readonly logger: StreamsLogger;
	readonly signal: AbortSignal;
}): Promise<void> {
	if (options.streams.length === 0) return;
	const names = options.streams.map(({ name }) => name).join(", ");
	for (let tries = 1; !signal.aborted; tries++) {
		try {
			for (const { name, version } of await publish(options))
				logger.info({ stream: name, version }, "published to the catalog");
			return;
		} catch (error) {
			if (signal.aborted) return;
			const again = error instanceof StreamsError && !error.fatal;
			if (!again || tries === TRIES_MAX) {
				logger.warn(
					{ err: error, streams: names },
					`${names} cannot be published to ${CATALOG_TOPIC}, so the catalog may not have it. Everything else works. Remove the cause (docs/operate/kafka-security.md has the ACLs), and restart this part`,
				);
				return;
			}
			await systemClock.sleep(backOffMs(BACK_OFF, tries), signal);
		}
	}
}
