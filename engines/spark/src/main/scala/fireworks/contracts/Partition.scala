package fireworks.contracts

import org.apache.kafka.common.utils.Utils

object Partition {

  /** The partition of a key, as Kafka's default partitioner chooses it, with Kafka's own code. */
  def of(key: Array[Byte], partitions: Int): Int = Utils.toPositive(Utils.murmur2(key)) % partitions
}
