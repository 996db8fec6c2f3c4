package fireworks.processor

import fireworks.contracts.{Partition, Refused, Tick}

/** Decodes bytes to a tick, or to the reason why they are not one: all checks without a state. */
object Decode {
  // It starts with a control character, which no DeviceID has.
  private val RefusedGroup = "\u0000"

  def isRefused(group: String): Boolean = group.startsWith(RefusedGroup)

  def apply(row: KafkaRow, partitions: Int): Input = Tick.parse(row.key, row.value).flatMap(inItsPartition(_, row, partitions)) match {
    case Right(t) => Input(t.deviceId, row.partition, row.offset, t.seq, t.timestamp, t.drift, t.volatility, null, null, row.key, row.value)
    case Left(r) => Input(RefusedGroup + row.partition, row.partition, row.offset, 0, 0, 0, 0, r.code, Refused.cut(r.message), row.key, row.value)
  }

  private def inItsPartition(tick: Tick, row: KafkaRow, partitions: Int): Either[Refused, Tick] = {
    val right = Partition.of(row.key, partitions)
    Either.cond(right == row.partition, tick, Refused("wrong-partition", s"the key belongs to partition $right of $partitions, not ${row.partition}"))
  }
}
