package fireworks.processor

import fireworks.contracts.Records
import fireworks.kafka.{Restored, TopicIds, Topics, Transactions}
import fireworks.service.{EngineError, Log}
import org.apache.kafka.clients.admin.Admin

import scala.concurrent.duration.DurationInt
import scala.concurrent.{Await, ExecutionContext, Future}

/**
 * A partition that was taken over. next: the input offset to go on from; lost: the number of
 * records before it that are gone unprocessed.
 */
final case class Taken(partition: Int, transactions: Transactions, next: Long, restored: Restored, lost: Long)

/**
 * The driver's take-over, steps 1 to 3 of docs/how-it-works/exactly-once.md. For every partition it
 * fences the earlier owner, whatever its engine, reads the changelog, and finds the input offset to
 * go on from.
 */
final class Opening(config: WriterConfig, admin: Admin, log: Log) {
  private val Within = 120.seconds

  def run(): Seq[Taken] = {
    import ExecutionContext.Implicits.global
    val input = Topics.ranges(admin, config.topics.input, config.partitions)
    val output = Topics.ranges(admin, config.topics.output, config.partitions)
    val each = Future.sequence((0 until config.partitions).map(p => Future(take(p, input(p), output(p)))))
    Await.result(each, Within)
  }

  private def take(partition: Int, input: (Long, Long), output: (Long, Long)): Taken = {
    val started = System.nanoTime()
    val taken = Transactions.takeOver(config.client, PartitionWriter.transactionalId(config, partition), config.topics.changelog, partition, config.owner)
    try {
      val restored = taken.restored
      val (next, lost) = restored.position match {
        case None => (first(partition, taken.transactions, input, output), 0L)
        case Some(text) => startAt(partition, taken.transactions, positionOf(partition, text), input)
      }
      log.info("the partition is taken over", "partition" -> partition, "next" -> next, "states" -> restored.states,
        "from" -> restored.lastOwner.orNull, "seconds" -> (System.nanoTime() - started) / 1e9)
      Taken(partition, taken.transactions, next, restored, lost)
    } catch { case e: Throwable => taken.transactions.close(); throw e }
  }

  private def positionOf(partition: Int, text: String): Long = {
    val position =
      try Records.parsePosition(text)
      catch {
        case e: IllegalArgumentException =>
          throw EngineError.config("changelog-unreadable", s"the position of ${config.topics.changelog}/$partition is invalid: ${e.getMessage}", e)
      }
    val (found, wanted) = ((position.partitions, position.config), (config.partitions, Map("seed" -> config.seed)))
    if (found != wanted)
      throw EngineError.config("config-mismatch", s"the states in ${config.topics.changelog} were made with ${found._1} partitions and ${found._2}, this engine runs with ${wanted._1} and ${wanted._2}: set it as it was, or name other output and changelog topics")
    TopicIds.demand(position.topicIds, config.topicIds, config.topics)
    position.next
  }

  /**
   * The position, or the input's start if retention has deleted records after the position; and the
   * number of records lost.
   */
  private def startAt(partition: Int, transactions: Transactions, position: Long, input: (Long, Long)): (Long, Long) = {
    val (low, high) = input
    if (position > high)
      throw EngineError.config("input-mismatch", s"the position $position lies past the end $high of ${config.topics.input}/$partition: that is another topic than the states were made from")
    val lost = math.max(0, low - position)
    if (lost > 0) {
      // Only the owner may report a loss: a successor may have processed these records meanwhile.
      proveOwnership(partition, transactions)
      log.error("input records were deleted by retention before they were processed", "partition" -> partition, "position" -> position, "next" -> low, "lost" -> lost)
    }
    (math.max(position, low), lost)
  }

  /**
   * The earliest input offset, for a partition without a position. It is written before any output.
   * So output without a position always comes from elsewhere.
   */
  private def first(partition: Int, transactions: Transactions, input: (Long, Long), output: (Long, Long)): Long = {
    if (output._2 > 0) {
      proveOwnership(partition, transactions)
      throw EngineError.config("output-without-position", s"${config.topics.output}/$partition has records, but ${config.topics.changelog} has no position: processing the input again would write them twice. Restore the changelog, or set another output topic")
    }
    val position = Records.position(Records.Position(input._1, config.partitions, Map("seed" -> config.seed), config.topicIds))
    transactions.commit(Iterator(Transactions.record(config.topics.changelog, partition, Records.PositionKey, position, System.currentTimeMillis())))
    input._1
  }

  private def proveOwnership(partition: Int, transactions: Transactions): Unit =
    transactions.barrier(config.topics.changelog, partition, java.util.UUID.randomUUID().toString, config.owner)
}
