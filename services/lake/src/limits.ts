/**
 * Every bound of this service. Memory: the buffers below, one fetch of Kafka for each table (at
 * most 10 MB, the client's default), and what a commit needs while it writes its file.
 */

/** Rows of one commit. A table with so many waiting rows is committed at once. */
export const COMMIT_ROWS_MAX = 50_000;

/**
 * Memory for the waiting rows of all tables, as estimated: beyond it every reader waits, and all
 * tables are committed.
 */
export const BUFFER_BYTES_MAX = 134_217_728;

/** Memory for the waiting rows of one table: it is committed at once. */
export const TABLE_BUFFER_BYTES_MAX = 33_554_432;

/** Records are converted in slices of this many, so that other tables and probes get their turn. */
export const SLICE_RECORDS = 1_000;

/** Tables at the same time. Each needs a reader of Kafka; further streams are named in the log. */
export const TABLES_MAX = 100;

/** Columns of a table. */
export const COLUMNS_MAX = 1_000;

/** If only positions moved, and there are no rows, they are committed no more often than this. */
export const IDLE_COMMIT_MS = 60_000;

/** UTF-8 bytes of a refused record's key and value that are kept, each. */
export const REFUSED_BYTES_MAX = 65_536;

/** Characters of a message that is kept or shown. */
export const MESSAGE_CHARACTERS_MAX = 1_000;

/** Time between two looks at a topic: whether it is still the same one, and its newest offsets. */
export const LOOK_MS = 5_000;

/** A topic that does not exist yet is looked for again after this. */
export const TOPIC_POLL_MS = 2_000;

/** Time between two tries to open a table, the reader or the catalog again. */
export const BACK_OFF = { firstMs: 200, maxMs: 15_000 } as const;

/** A reader that was open for so long was in order: the next failure counts as the first. */
export const IN_ORDER_MS = 60_000;

/**
 * Maintenance of a table takes at most this share of the time: after it took 1 s, the next one
 * waits for 9 s.
 */
export const MAINTENANCE_SHARE = 0.1;
export const MAINTENANCE_MIN_MS = 1_000;

/** Time for closing the reader of a table. It is abandoned then, and reads nothing any more. */
export const READER_CLOSE_MS = 5_000;

/**
 * Time between two looks at the size of a table. It is shorter than the default between two
 * commits, so that `fireworks lake` shows the rows of the newest one.
 */
export const SIZE_MS = 5_000;

/** Of the time that a stop may take, the share for the last commits. */
export const STOP_SHARE = 0.8;
