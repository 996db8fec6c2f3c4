/**
 * The limits of the middleware's memory and time that are not settings. Each says what it protects.
 *
 * Memory of one client: what waits in its socket (`bufferBytesMax`, or one frame if that is more),
 * a position and, while a snapshot is being sent, 8 bytes for each device. Clients that get the
 * same bytes share the frames.
 */

/**
 * The limits of a client that it can notice. docs/build/protocol.md lists them, and tests change
 * some.
 */
export const CLIENT_LIMITS = {
	/** Bytes of one frame from a client. */
	frameBytesMax: 16_384,
	/** Frames from one client per second over time. Twice as many may arrive at once. */
	framesPerSecondMax: 20,
	/** Time in which a new connection must send its request. */
	handshakeMs: 5_000,
	/** Bytes that wait for a slow client. Beyond them it gets no events until it has caught up. */
	bufferBytesMax: 4_194_304,
	/** A client that stays slow for this long is closed. */
	slowMaxMs: 10_000,
	/** Newest points of each device in a snapshot. */
	snapshotPointsMax: 3_600,
	/** Events of a snapshot. */
	snapshotEventsMax: 100_000,
	/** Shortest time between two batches to a client. */
	batchMs: 50,
	/** Time between two pings. A client that answers neither of two is closed. */
	pingMs: 5_000,
};
export type ClientLimits = typeof CLIENT_LIMITS;

/** Devices known at the same time. A device whose events have all left the queue makes room. */
export const DEVICES_MAX = 100_000;

/** Events per frame: each takes at most 115 bytes as JSON, so a frame stays below 256 KiB. */
export const FRAME_EVENTS_MAX = 2_000;

/** An event's usual size as JSON, to turn limits in bytes into numbers of events. */
export const EVENT_TEXT_BYTES = 80;

/** UTF-16 units of a `devices` frame (at most 3 bytes each), unless one device has more. */
export const DEVICES_FRAME_CHARACTERS_MAX = 65_536;

/**
 * Length of a device's name. The contract's 128 code points are at most 256 UTF-16 units. Records
 * with a longer name are dropped and counted.
 */
export const DEVICE_ID_CHARACTERS_MAX = 256;

/**
 * Events of one flush. After an outage the reader delivers hundreds of thousands at a time, and the
 * event loop must stay responsive.
 */
export const FLUSH_EVENTS_MAX = 20_000;

/** Time for the sends of a flush in one turn of the event loop: enough for some 1,000 sends. */
export const FLUSH_TURN_MS = 10;

/**
 * The partitions of a tick are committed within this time of each other. After a quiet interval the
 * first of them waits this long for the others.
 */
export const GATHER_MS = 30;

/** The batch interval grows up to this if flushing takes long. (The page draws every 100 ms.) */
export const BATCH_STRETCHED_MAX_MS = 100;

/**
 * Bytes in flight to a client that catches up: enough to fill the path, but few enough that a ping
 * behind them is not late.
 */
export const CATCH_UP_WINDOW_BYTES = 262_144;

/** Time for all catching-up clients together, in one turn of the event loop. */
export const CATCH_UP_TURN_MS = 10;

/** Bytes of frames kept for other clients that catch up over the same events. */
export const FRAME_CACHE_BYTES_MAX = 33_554_432;

/**
 * A client's position may be ahead of this pod's, if another pod was faster. After this wait it
 * gets a snapshot instead.
 */
export const AHEAD_WAIT_MS = 10_000;

/** Time between two checks of every client: pings that are due, silence, slowness. */
export const SWEEP_MS = 250;

/** A closing handshake that the client does not finish is cut off after this. */
export const CLOSE_GRACE_MS = 2_000;

/** Connections beyond the clients' limit, for probes, metrics and refusals. */
export const SPARE_CONNECTIONS = 256;

/** Fragments of one client frame: each costs more than its bytes. */
export const CLIENT_FRAGMENTS_MAX = 128;

/**
 * At a stop, clients get hints when to come back: the time between two hints, and the longest hint.
 */
export const RETRY_SPREAD_MS_PER_CLIENT = 2;
export const RETRY_SPREAD_MAX_MS = 10_000;

/**
 * A partition that delivered nothing for this long since the reader connected counts as read.
 * `high` may lie behind transaction markers, which are never delivered.
 */
export const FILL_QUIET_MS = 2_000;

/** The reader may be disconnected for this long before the pod reports that it is not ready. */
export const READER_AWAY_MAX_MS = 10_000;

/** An event whose time is this far ahead of the wall clock is shown, and reported as a problem. */
export const AHEAD_OF_CLOCK_MS = 3_600_000;

/**
 * Time between two checks of the topic's ends, which give the lag and reveal readers that went
 * silent.
 */
export const LAG_POLL_MS = 5_000;

/**
 * Time between two checks of the topic's id: a topic that was deleted and recreated is noticed
 * within this.
 */
export const TOPIC_POLL_MS = 1_000;

/** Time before a reader that failed is opened again. */
export const READER_BACK_OFF = { firstMs: 100, maxMs: 5_000 };

/**
 * If a partition's end moves on for this long and none of its records arrive, the reader is
 * reopened.
 */
export const READER_STALLED_MS = 30_000;

/**
 * A reader that cannot be opened (at a stop) or closed within this time is abandoned. What it still
 * delivers is ignored.
 */
export const READER_CLOSE_MS = 5_000;

/**
 * The streams of the catalog (`fireworks.v2`).
 */

/** Streams that are read at the same time. A stream is read while it has clients. */
export const STREAMS_MAX = 64;

/** A stream without clients is read for this long, for a client that comes back. */
export const STREAM_IDLE_MS = 60_000;

/** Bytes of the queues of all these streams together. */
export const STREAM_QUEUES_BYTES_MAX = 67_108_864;

/** A stream's queue begins with room for this many events, and grows by doubling. */
export const STREAM_QUEUE_EVENTS_MIN = 1_024;

/** Events that the queue of one stream holds at most. */
export const STREAM_QUEUE_EVENTS_MAX = 1_048_576;

/** Records of the past that are read when a stream is opened, so that opening takes seconds. */
export const STREAM_PAST_RECORDS_MAX = 300_000;

/** Keys of one stream known at the same time. A key without events in the queue makes room. */
export const STREAM_KEYS_MAX = 20_000;

/** Bytes of a key. A longer one is refused, as in packages/pipeline. */
export const STREAM_KEY_BYTES_MAX = 1_024;

/** Bytes of a frame with events, about. */
export const STREAM_FRAME_BYTES = 262_144;

/** Bytes of frames that one stream keeps for clients that catch up over the same events. */
export const STREAM_FRAME_CACHE_BYTES_MAX = 1_048_576;

/**
 * A new client waits at most this long for the stream to be opened. Then it gets hello and what was
 * read so far; the rest follows.
 */
export const STREAM_OPEN_MS = 5_000;

/** Streams of the catalog that are known at the same time. */
export const CATALOG_STREAMS_MAX = 5_000;

/** Time before the catalog is read again after an unrecoverable failure. */
export const CATALOG_RETRY_MS = 10_000;
