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
 * A transactional identity, taken from whoever had it before. After any error its outcome is unknown and it is of no more use: whoever
 * goes on takes the identity anew, and the changelog says how far it was.
 */
final class Transactions private (producer: KafkaProducer[Array[Byte], Array[Byte]]) {
  import Transactions._

  /** All of it or nothing. Throws EngineError fenced, record-too-large (a person must mend the topic) or outcome-unknown. */
  def commit(records: Iterator[Record]): Unit = named {
    producer.beginTransaction()
    records.foreach(producer.send)
    producer.commitTransaction()
  }

  /** Writes a barrier of an owner; its offset. */
  def barrier(topic: String, partition: Int, id: String, owner: String): Long = named {
    producer.beginTransaction()
    val sent: Future[RecordMetadata] = producer.send(record(topic, partition, contracts.BarrierKey, contracts.barrier(id, owner), System.currentTimeMillis()))
    producer.commitTransaction()
    sent.get().offset()
  }

  /** An open transaction is aborted, so that nobody waits for its time-out. */
  def close(): Unit = try producer.close(CloseWithin) catch { case NonFatal(_) => () }
}

object Transactions {
  type Record = ProducerRecord[Array[Byte], Array[Byte]]
  private val contracts = fireworks.contracts.Records
  private val CloseWithin = Duration.ofSeconds(3)

  /** After so long the broker aborts an open transaction, and what waits behind it can be read. */
  private val TimeoutMs = 10_000

  /** What an owner takes over: its identity, what stands in its changelog, and where its own barrier lies there. */
  final case class TakenOver(transactions: Transactions, restored: Restored, barrierOffset: Long)

  /** Fences every earlier owner, writes a barrier, and reads the changelog from an offset up to it. */
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
      // The largest dead letter: a whole source record and its headers.
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
