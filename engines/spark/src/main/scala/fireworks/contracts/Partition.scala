package fireworks.contracts

import org.apache.kafka.common.utils.Utils

object Partition {

  /** Where Kafka's default partitioner puts a key; the arithmetic is Kafka's own. */
  def of(key: Array[Byte], partitions: Int): Int = Utils.toPositive(Utils.murmur2(key)) % partitions
}
