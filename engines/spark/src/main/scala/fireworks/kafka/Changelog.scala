package fireworks.kafka

import fireworks.contracts.Records
import fireworks.service.EngineError
import org.apache.kafka.clients.consumer.{ConsumerRecord, KafkaConsumer}
import org.apache.kafka.common.TopicPartition
import org.apache.kafka.common.serialization.ByteArrayDeserializer

import java.nio.charset.StandardCharsets.UTF_8
import java.time.Duration
import scala.jdk.CollectionConverters._

/**
 * The content of a changelog's partition up to our own barrier. lastOwner: the owner in the newest
 * barrier before ours; states: the number of state records.
 */
final case class Restored(position: Option[String], lastOwner: Option[String], states: Long)

object Changelog {
  private val ReadWithinMs = 60_000L
  private val Poll = Duration.ofMillis(200)

  /** Reads the records of [from, until] in order: by default only committed ones. */
  def read(client: Map[String, String], topic: String, partition: Int, from: Long, until: Long, isolation: String = "read_committed")(
      use: ConsumerRecord[Array[Byte], Array[Byte]] => Unit): Unit = {
    val properties = client ++ Map("isolation.level" -> isolation, "enable.auto.commit" -> "false", "auto.offset.reset" -> "earliest", "max.poll.records" -> "10000")
    val consumer = new KafkaConsumer[Array[Byte], Array[Byte]](properties.asJava.asInstanceOf[java.util.Map[String, Object]], new ByteArrayDeserializer, new ByteArrayDeserializer)
    try {
      val at = new TopicPartition(topic, partition)
      consumer.assign(java.util.List.of(at))
      consumer.seek(at, from)
      val deadline = System.currentTimeMillis() + ReadWithinMs
      while (consumer.position(at) <= until) {
        if (System.currentTimeMillis() > deadline) throw new EngineError("restore-timeout", s"$topic/$partition was not read to $until within $ReadWithinMs ms", None)
        consumer.poll(Poll).forEach(record => if (record.offset() <= until) use(record))
      }
    } finally consumer.close(Duration.ofSeconds(1))
  }

  /**
   * Reads up to our own barrier. Throws fenced if our barrier is not there, changelog-unreadable if
   * a record is invalid.
   */
  def restore(client: Map[String, String], topic: String, partition: Int, from: Long, barrierId: String, barrierOffset: Long): Restored = {
    var (position, owner, states, own) = (Option.empty[String], Option.empty[String], 0L, false)
    read(client, topic, partition, from, barrierOffset) { record =>
      try key(record) match {
        case Records.BarrierKey =>
          val barrier = Records.parseBarrier(text(record.value()))
          if (record.offset() < barrierOffset) owner = Some(barrier.owner) else own = barrier.id == barrierId
        case Records.PositionKey => position = Option(record.value()).map(text)
        case k if k.startsWith(Records.StatePrefix) =>
          if (record.value() != null) Records.parseState(text(record.value()))
          states += 1
        case k if k.startsWith(Records.ResetPrefix) => ()
        case k => throw new IllegalArgumentException(s"the key $k")
      } catch {
        case e: IllegalArgumentException =>
          throw EngineError.config("changelog-unreadable", s"the changelog's partition $partition has an invalid record at offset ${record.offset()}: ${e.getMessage}", e)
      }
    }
    if (!own) throw EngineError.fenced(s"a later owner's barrier has replaced ours in $topic/$partition")
    Restored(position, owner, states)
  }

  /** The owners in the barriers from an offset on, in committed and uncommitted transactions. */
  def owners(client: Map[String, String], topic: String, partition: Int, from: Long, end: Long): Set[String] = {
    val found = Set.newBuilder[String]
    if (end > from)
      read(client, topic, partition, from, end - 1, "read_uncommitted") { record =>
        if (record.key() != null && key(record) == Records.BarrierKey) found += Records.parseBarrier(text(record.value())).owner
      }
    found.result()
  }

  private def key(record: ConsumerRecord[Array[Byte], Array[Byte]]): String = Option(record.key()).map(text).getOrElse("")
  private def text(bytes: Array[Byte]): String = new String(bytes, UTF_8)
}
