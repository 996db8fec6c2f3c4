/** Plain numbers that the core counts up in its hot paths; metrics.ts shows them. */
export class Counts {
	/** Records of the topic, by what became of them. */
	received = 0;
	invalid = 0;
	noRoomForDevice = 0;
	/** Records that a reader brought again after it was opened anew. */
	repeated = 0;
	framesSent = 0;
	bytesSent = 0;
	flushes = 0;
	snapshots = 0;
	resumes = 0;
	gaps = 0;
	eventsSkipped = 0;
	streamRestarts = 0;
	readerFailures = 0;
	/** Connections that ended by our decision, by error code, and upgrades that were refused, by reason. */
	readonly closed = new Map<string, number>();
	readonly refused = new Map<string, number>();
}

export const countUp = (counts: Map<string, number>, key: string): void => {
	counts.set(key, (counts.get(key) ?? 0) + 1);
};
