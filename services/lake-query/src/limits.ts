/** Every bound of this service. docs/use/sql.md names those that a client notices. */

/** A larger body is refused with 413. */
export const BODY_BYTES_MAX = 65_536;

/** Time for a body to arrive. */
export const BODY_MS = 10_000;

/** Connections, those of probes included. Further ones are closed at once. */
export const CONNECTIONS_MAX = 256;

/** Statements that run at the same time; each has a process and a thread of its own. */
export const STATEMENTS_MAX = 2;
/** Statements that wait for their turn. */
export const STATEMENTS_WAITING_MAX = 20;
/** A statement waits at most this long for its turn. */
export const STATEMENT_WAIT_MS = 30_000;
/** A statement is interrupted after this. */
export const STATEMENT_MS = 10_000;
/** Its process is killed if it does not end within this time after that. */
export const STATEMENT_GRACE_MS = 1_000;

/** Memory of DuckDB for a statement. Some functions take theirs elsewhere: see the next bound. */
export const STATEMENT_MEMORY = "256MB";
/** Resident memory at which the process of a statement ends itself. */
export const CHILD_BYTES_MAX = 805_306_368;
/** How often it looks at that. */
export const CHILD_WATCH_MS = 20;
/** A process that has more resident memory after a statement is not used again. */
export const CHILD_KEEP_BYTES_MAX = 402_653_184;
/** JavaScript heap of the process of a statement, in MB. */
export const CHILD_HEAP_MB = 192;
/** A process without a statement ends after this. */
export const CHILD_IDLE_MS = 60_000;

/** Rows of an answer. */
export const ROWS_MAX = 10_000;
/** Bytes of the rows of an answer, as text. */
export const ANSWER_BYTES_MAX = 16_777_216;

/** Points of a series. */
export const POINTS_MAX = 4_000;
export const POINTS_DEFAULT = 1_000;
/** Points of all series of an answer: with many series each has fewer. */
export const ANSWER_POINTS_MAX = 200_000;
export const KEYS_MAX = 50;
export const MEASURES_MAX = 8;
/** Characters of a key. */
export const KEY_CHARACTERS_MAX = 1_024;

/** Histories that are computed at the same time. */
export const HISTORIES_MAX = 2;
export const HISTORIES_WAITING_MAX = 50;
export const HISTORY_WAIT_MS = 30_000;
/** A history is given up after this. */
export const HISTORY_MS = 20_000;
/** Memory of DuckDB for all histories. */
export const HISTORY_MEMORY = "256MB";
export const HISTORY_THREADS = "2";
/** Answers that are kept, and their characters. */
export const KEPT_ANSWERS_MAX = 64;
export const KEPT_CHARACTERS_MAX = 16_777_216;
