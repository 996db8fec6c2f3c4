package fireworks.processor

/** A record of the input, from Spark's Kafka source. */
final case class KafkaRow(key: Array[Byte], value: Array[Byte], partition: Int, offset: Long)

/**
 * A decoded record of the input, on its way to its device's state. group: the DeviceID; records
 * that are refused without a state have one group per partition. code: the dead letter's; null for
 * a tick.
 */
final case class Input(group: String, partition: Int, offset: Long, seq: Long, timestamp: Long, drift: Double, volatility: Double,
    code: String, message: String, key: Array[Byte], value: Array[Byte])

/**
 * The outcome of a record of the input. kind: one of Outcome's constants. slot: a number that
 * Spark's hash puts into the task `partition`. jumped: seq rose by more than one. code, message,
 * key, payload: only for a dead letter.
 */
final case class Outcome(partition: Int, slot: Int, offset: Long, kind: Int, deviceId: String, seq: Long, timestamp: Long, dt: Double,
    increment: Double, value: Double, drift: Double, volatility: Double, jumped: Boolean, code: String, message: String, key: Array[Byte],
    payload: Array[Byte])

object Outcome {
  val Applied = 0
  val Repeat = 1
  val Dead = 2
}

/**
 * What a task has written for a partition in a micro-batch. seconds: the time of each transaction.
 * deadCodes: the number of dead letters by code. timestamp: the last tick's; -1 without a tick.
 */
final case class Report(partition: Int, inputs: Long, outputs: Long, repeats: Long, jumps: Long, skipped: Long, seconds: Seq[Double],
    deadCodes: Map[String, Long], timestamp: Long)
