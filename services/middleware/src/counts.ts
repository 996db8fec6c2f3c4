/** Plain counters that the hot paths of the core increment; metrics.ts exports them. */
export class Counts {
	/** Records of the topic, by what became of them. */
	received = 0;
	invalid = 0;
	noRoomForDevice = 0;
	/** Records that a reader delivered a second time after it was reopened. */
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
	/** Clients that are connected through the page's server now. */
	relayedClients = 0;
	/** Connections that we closed, by error code, and upgrades that we refused, by reason. */
	readonly closed = new Map<string, number>();
	readonly refused = new Map<string, number>();
}

export const countUp = (counts: Map<string, number>, key: string): void => {
	counts.set(key, (counts.get(key) ?? 0) + 1);
};
