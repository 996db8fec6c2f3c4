/**
 * Reports to a source that one of its topics was deleted and created again. Without this its
 * transactions would continue in the new topic as if nothing had happened.
 */
import type { Log } from "../log.ts";
import { type Clock, systemClock } from "../time.ts";

export interface WatchTopicsOptions {
	log: Log;
	topics: readonly string[];
	/** Called once for each new topic under an old name. */
	onReplaced(topic: string): void;
	signal: AbortSignal;
	intervalMs?: number;
	clock?: Clock;
}

const INTERVAL_MS = 2_000;

/**
 * Checks the topics until the signal is aborted; never rejects. It notices nothing while the broker
 * is unreachable, or if the broker has no topic ids (Kafka before 2.8).
 */
export async function watchTopics(options: WatchTopicsOptions): Promise<void> {
	const { log, topics, onReplaced, signal } = options;
	const { intervalMs = INTERVAL_MS, clock = systemClock } = options;
	const known = new Map<string, string>();
	while (!signal.aborted) {
		for (const topic of topics) {
			const id = await log.topicId(topic).catch(() => undefined);
			if (id === undefined || signal.aborted) continue;
			const before = known.get(topic);
			known.set(topic, id);
			if (before !== undefined && before !== id) onReplaced(topic);
		}
		await clock.sleep(intervalMs, signal);
	}
}
