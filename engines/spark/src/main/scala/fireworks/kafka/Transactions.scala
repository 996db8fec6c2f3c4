package fireworks.kafka

import fireworks.service.EngineError
import org.apache.kafka.clients.producer.{KafkaProducer, ProducerRecord, RecordMetadata}
import org.apache.kafka.common.errors.{InvalidProducerEpochException, ProducerFencedException, RecordTooLargeException}
import org.apache.kafka.common.serialization.ByteArraySerializer

import java.nio.charset.StandardCharsets.UTF_8
import java.time.Duration
import java.util.UUID
import java.util.concurrent.Future
import scala.jdk.CollectionConverters._
import scala.util.control.NonFatal

/**
 * A producer with a transactional id, taken over from its earlier holder. After any error the
 * outcome of its transaction is unknown, and it must not be used again. The next holder takes the
 * id over again, and the changelog says how far this one came.
 */
final class Transactions private (producer: KafkaProducer[Array[Byte], Array[Byte]]) {
  import Transactions._

  /**
   * Writes all records or none, in one transaction. Throws EngineError fenced, record-too-large (a
   * person must fix the topic) or outcome-unknown.
   */
  def commit(records: Iterator[Record]): Unit = named {
    producer.beginTransaction()
    records.foreach(producer.send)
    producer.commitTransaction()
  }

  /** Writes an owner's barrier. Returns its offset. */
  def barrier(topic: String, partition: Int, id: String, owner: String): Long = named {
    producer.beginTransaction()
    val sent: Future[RecordMetadata] = producer.send(record(topic, partition, contracts.BarrierKey, contracts.barrier(id, owner), System.currentTimeMillis()))
    producer.commitTransaction()
    sent.get().offset()
  }

  /** Aborts an open transaction, so that readers need not wait for its time-out. */
  def close(): Unit = try producer.close(CloseWithin) catch { case NonFatal(_) => () }
}

object Transactions {
  type Record = ProducerRecord[Array[Byte], Array[Byte]]
  private val contracts = fireworks.contracts.Records
  private val CloseWithin = Duration.ofSeconds(3)

  /** After this time the broker aborts an open transaction. Until then no reader gets past it. */
  private val TimeoutMs = 10_000

  /**
   * The result of a take-over: the producer, the content of the changelog, and the offset of our
   * own barrier there.
   */
  final case class TakenOver(transactions: Transactions, restored: Restored, barrierOffset: Long)

  /** Fences earlier owners, writes a barrier, and reads the changelog from `from` up to it. */
  def takeOver(client: Map[String, String], transactionalId: String, changelog: String, partition: Int, owner: String, from: Long = 0): TakenOver = {
    val transactions = open(client, transactionalId)
    try {
      val id = UUID.randomUUID().toString
      val offset = transactions.barrier(changelog, partition, id, owner)
      TakenOver(transactions, Changelog.restore(client, changelog, partition, from, id, offset), offset)
    } catch { case e: Throwable => transactions.close(); throw e }
  }

  private def open(client: Map[String, String], transactionalId: String): Transactions = {
    val properties = client ++ Map(
      "transactional.id" -> transactionalId,
      "transaction.timeout.ms" -> TimeoutMs.toString,
      "request.timeout.ms" -> "8000",
      "delivery.timeout.ms" -> "9000",
      "max.block.ms" -> "15000",
      "linger.ms" -> "5",
      "batch.size" -> "131072",
      // Room for the largest dead letter: a whole source record and its headers.
      "max.request.size" -> (3 * Topics.SourceBytesMax).toString)
    val producer = new KafkaProducer[Array[Byte], Array[Byte]](properties.asJava.asInstanceOf[java.util.Map[String, Object]], new ByteArraySerializer, new ByteArraySerializer)
    try named { producer.initTransactions(); new Transactions(producer) }
    catch { case e: Throwable => producer.close(Duration.ZERO); throw e }
  }

  def record(topic: String, partition: Int, key: String, value: String, timestamp: Long): Record =
    new ProducerRecord(topic, partition, timestamp, key.getBytes(UTF_8), value.getBytes(UTF_8))

  private def named[T](work: => T): T =
    try work
    catch {
      case e: EngineError => throw e
      case NonFatal(e) =>
        val causes = Iterator.iterate[Throwable](e)(_.getCause).takeWhile(_ != null).take(20).toSeq
        throw causes.collectFirst {
          case c: RecordTooLargeException =>
            EngineError.config("record-too-large", s"a record is larger than its topic or the broker allows (max.message.bytes): ${c.getMessage}", e)
          case c @ (_: ProducerFencedException | _: InvalidProducerEpochException) =>
            EngineError.fenced(s"another producer has taken over, or the transaction has timed out: ${c.getMessage}", e)
        }.getOrElse(new EngineError("outcome-unknown", Option(e.getMessage).getOrElse(e.toString), None, e))
    }
}
