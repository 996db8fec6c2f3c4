package fireworks.processor

/** A record of the input as Spark's Kafka source gives it. */
final case class KafkaRow(key: Array[Byte], value: Array[Byte], partition: Int, offset: Long)

/**
 * A record of the input, decoded, on its way to the state of its device. group: the DeviceID; what is refused without a look at any state has a
 * group for each partition. code: of the dead letter; null: a tick.
 */
final case class Input(group: String, partition: Int, offset: Long, seq: Long, timestamp: Long, drift: Double, volatility: Double,
    code: String, message: String, key: Array[Byte], value: Array[Byte])

/**
 * What became of a record of the input. kind: one of Outcome's. slot: a number that Spark's hash puts into the task `partition`.
 * jumped: seq rose by more than one. code, message, key, payload: of a dead letter.
 */
final case class Outcome(partition: Int, slot: Int, offset: Long, kind: Int, deviceId: String, seq: Long, timestamp: Long, dt: Double,
    increment: Double, value: Double, drift: Double, volatility: Double, jumped: Boolean, code: String, message: String, key: Array[Byte],
    payload: Array[Byte])

object Outcome {
  val Applied = 0
  val Repeat = 1
  val Dead = 2
}

/** What a task has written of a partition in a micro-batch. seconds: of each transaction. deadCodes: how many by code. timestamp: of the last tick, -1: none. */
final case class Report(partition: Int, inputs: Long, outputs: Long, repeats: Long, jumps: Long, skipped: Long, seconds: Seq[Double],
    deadCodes: Map[String, Long], timestamp: Long)
