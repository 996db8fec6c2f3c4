/**
 * What bounds the middleware's memory and time, beside the settings. Each says what it protects.
 *
 * Memory of one client: what waits in its socket (`middlewareClientBufferBytesMax`, or one frame where that is more), a position and, while a
 * snapshot is on its way, 8 bytes for each device. Frames are shared by all clients that get the same bytes.
 */

/** Events of a frame: at most 115 bytes each as JSON, so that a frame stays below 256 KiB. */
export const FRAME_EVENTS_MAX = 2_000;

/** An event's usual size as JSON: for bounds in bytes that are counted in events. */
export const EVENT_TEXT_BYTES = 80;

/** UTF-16 units of a `devices` frame (at most 3 bytes each), unless one device has more. */
export const DEVICES_FRAME_CHARACTERS_MAX = 65_536;

/** A device's name; the contract's 128 code points are at most 256 UTF-16 units. Longer ones are dropped and counted. */
export const DEVICE_ID_CHARACTERS_MAX = 256;

/** Events of one flush: after an outage the reader brings hundreds of thousands at a time, and the event loop must breathe. */
export const FLUSH_EVENTS_MAX = 20_000;

/** Time that the sends of a flush get in one turn of the event loop: some 1,000 of them. */
export const FLUSH_TURN_MS = 10;

/** The partitions of a tick are committed within so long of each other: after a quiet interval the first of them waits for the others. */
export const GATHER_MS = 30;

/** The batch interval stretches up to this (the page draws every 100 ms) where flushing takes long. */
export const BATCH_STRETCHED_MAX_MS = 100;

/** Bytes under way to a client that catches up: enough to fill the path, few enough that a ping behind them is not late. */
export const CATCH_UP_WINDOW_BYTES = 262_144;

/** Time that catching-up clients get in one turn of the event loop, together. */
export const CATCH_UP_TURN_MS = 10;

/** Frames kept for other clients that catch up over the same events. */
export const FRAME_CACHE_BYTES_MAX = 33_554_432;

/** A client's position may be ahead of this pod's, where another pod was faster. After this wait it gets a snapshot instead. */
export const AHEAD_WAIT_MS = 10_000;

/** Between looks at every client: pings due, silence, slowness. */
export const SWEEP_MS = 250;

/** A closing handshake that the client does not finish is cut after this. */
export const CLOSE_GRACE_MS = 2_000;

/** Connections beyond the clients' limit, for probes, metrics and refusals. */
export const SPARE_CONNECTIONS = 256;

/** Fragments of a client's frame: each costs more than its bytes. */
export const CLIENT_FRAGMENTS_MAX = 128;

/** At a stop: time between two clients' hints to come back, and the longest hint. */
export const RETRY_SPREAD_MS_PER_CLIENT = 2;
export const RETRY_SPREAD_MAX_MS = 10_000;

/** A partition from which nothing came for so long since the reader was connected has no more: `high` may lie behind ends of transactions. */
export const FILL_QUIET_MS = 2_000;

/** A reader may be away for so long before the pod calls itself not ready. */
export const READER_AWAY_MAX_MS = 10_000;

/** Between looks at the topic's ends, for the lag and for readers that went silent. */
export const LAG_POLL_MS = 5_000;

/** A partition whose end moves on while nothing of it arrives for so long: the reader is opened anew. */
export const READER_STALLED_MS = 30_000;

/** A reader that cannot be opened (at a stop) or closed in this time is left behind; what it still brings is ignored. */
export const READER_CLOSE_MS = 5_000;
