/** Every bound of this service. docs/build/http-ingest.md names those that a client notices. */

/** A larger body is refused with 413. */
export const BODY_BYTES_MAX = 8_388_608;

/** A record with its key and headers must fit into a record batch, which Kafka limits to 1 MB. */
export const RECORD_BYTES_MAX = 1_000_000;

/** Records of one request. They are written in one transaction. */
export const RECORDS_MAX = 10_000;

/** Refused records that an answer describes; of the others it has only the number. */
export const ERRORS_MAX = 100;

/** Characters of a field's path in an answer. */
export const PATH_CHARACTERS_MAX = 500;

/** Requests in progress: from the reading of their body until they are written. */
export const REQUESTS_MAX = 256;

/** Bytes of the bodies of all requests in progress. */
export const BODIES_BYTES_MAX = 67_108_864;

/** Connections, those of probes included. Further ones are closed at once. */
export const CONNECTIONS_MAX = 1_024;

/** Time for a body to arrive. */
export const BODY_MS = 60_000;
/** A body of which nothing arrives for this long is given up. */
export const BODY_SILENCE_MS = 10_000;
/**
 * A connection without a request is closed after this. Node counts it from the answer, and a client
 * that was refused may still be sending its body then.
 */
export const KEEP_ALIVE_MS = 30_000;
/** Time for a body to arrive once the service stops; less than a stop may take. */
export const BODY_STOP_MS = 5_000;

/** A refused body is read to its end, so that the client sees the answer, up to this. */
export const DISCARDED_BYTES_MAX = 67_108_864;

/** A request without Idempotency-Key waits this long for its transaction to begin. */
export const QUEUE_MS = 10_000;

/** A request is answered within this after its body has arrived, written or not. */
export const ANSWER_MS = 20_000;

/** Seconds after which a client should try again. */
export const RETRY_AFTER_S = 1;

/** Records are validated in slices of this many, so that other requests get their turn. */
export const SLICE_RECORDS = 500;

/** Requests that arrive within this time share a transaction. */
export const GATHER_MS = 2;

/** A transaction has more only if one request has more. */
export const TRANSACTION_RECORDS_MAX = 20_000;
export const TRANSACTION_BYTES_MAX = 8_388_608;

/** The broker aborts a transaction that takes longer. */
export const TRANSACTION_TIMEOUT_MS = 10_000;

/** Time between two tries to open the producer, the catalog or the reader again. */
export const BACK_OFF = { firstMs: 100, maxMs: 2_000 } as const;

/** A stream's topic is checked again after this. */
export const TOPIC_CHECK_MS = 30_000;

/** Time for the first look at a stream's topic. */
export const OPEN_STREAM_MS = 10_000;

/** The answer of a request with Idempotency-Key is remembered this long. */
export const KEY_MS = 86_400_000;

/** Memory for those answers: some 400,000. Beyond it the oldest are forgotten, and counted. */
export const KEYS_BYTES_MAX = 134_217_728;

/** A request waits this long for another replica that has claimed its key, then fences it. */
export const TAKE_OVER_MS = 5_000;

/** A claim that was not seen in its topic after this is written again. */
export const CLAIM_MS = 5_000;

/** Transactions that a request with Idempotency-Key may fail in. */
export const KEYED_TRIES_MAX = 3;
