package fireworks.processor

/** Limits of the processor's work that are not settings. */
object Limits {

  /** Input records of a transaction. */
  val TransactionRecordsMax = 4_000

  /** Bytes that a transaction writes, unless one record has more. */
  val TransactionBytesMax = 4_000_000L

  /** Input records of a micro-batch. */
  val BatchRecordsMax = 100_000L
}
