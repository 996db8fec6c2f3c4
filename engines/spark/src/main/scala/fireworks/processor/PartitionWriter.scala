package fireworks.processor

import fireworks.contracts.Records
import fireworks.kafka.{Topics, Transactions}
import fireworks.service.EngineError
import fireworks.wiener.Point
import org.apache.kafka.common.header.Header
import org.apache.kafka.common.header.internals.RecordHeader
import org.apache.kafka.clients.producer.ProducerRecord

import java.nio.charset.StandardCharsets.UTF_8
import scala.collection.mutable

/**
 * What the tasks need for writing, on any machine.
 *
 * session: the session's name. checkpoint: the id of the session's checkpoint; empty while it is
 * not known. takeAgain: whether a fenced task may take its partition again. On a cluster the task
 * of a partition moves from executor to executor, and each takes the partition from the one before.
 * topicIds: the ids of the topics when the session began.
 */
final case class WriterConfig(client: Map[String, String], topics: Topics, partitions: Int, seed: String, recordsMax: Int, bytesMax: Long,
    session: String, checkpoint: String, takeAgain: Boolean, topicIds: Map[String, String]) {

  /** The owner in our barriers: the session and its checkpoint. */
  def owner: String = Checkpoints.owner(checkpoint, session)
  def isOurs(owner: String): Boolean = owner.endsWith("/" + session)
}

/** The offsets of a partition at the driver's take-over: its next input, and our barrier. */
final case class Start(next: Long, barrierOffset: Long)

/**
 * Writes the outcomes of a partition's records: outputs, dead letters, changed states and the
 * position. It uses transactions of bounded size, as every engine does. Outcomes below the position
 * were written before, as Spark runs a micro-batch again after a crash. They are skipped.
 */
final class PartitionWriter(config: WriterConfig, partition: Int, private var transactions: Transactions, private var next: Long, private var barrierOffset: Long) {
  private val topics = config.topics
  private val positionConfig = Map("seed" -> config.seed)

  /** Writes the outcomes, which are in the order of their offsets. */
  def write(outcomes: Iterator[Outcome]): Report = {
    val tally = new Tally(partition)
    val chunk = mutable.ArrayBuffer[Outcome]()
    var bytes = 0L
    def flush(): Unit = {
      if (chunk.nonEmpty) commit(chunk, tally)
      chunk.clear()
      bytes = 0
    }
    for (outcome <- outcomes) {
      if (outcome.offset < next) tally.skipped += 1
      else {
        chunk += outcome
        bytes += PartitionWriter.bytesOf(outcome)
        if (chunk.size >= config.recordsMax || bytes >= config.bytesMax) flush()
      }
    }
    flush()
    tally.report
  }

  def close(): Unit = transactions.close()

  private def commit(chunk: mutable.ArrayBuffer[Outcome], tally: Tally): Unit = {
    val started = System.nanoTime()
    try transactions.commit(records(chunk))
    catch {
      case e: EngineError if e.code == "fenced" && config.takeAgain =>
        takeAgain()
        chunk.filterInPlace(_.offset >= next)
        if (chunk.nonEmpty) transactions.commit(records(chunk))
    }
    if (chunk.nonEmpty) {
      next = chunk.last.offset + 1
      tally.add(chunk, (System.nanoTime() - started) / 1e9)
    }
  }

  /**
   * Takes the partition again from another task of this session. Throws superseded if another owner
   * has written a barrier.
   */
  private def takeAgain(): Unit = {
    transactions.close()
    val (taken, position) = PartitionWriter.takeOver(config, partition, barrierOffset)
    transactions = taken.transactions
    next = math.max(next, position.getOrElse(next))
    barrierOffset = taken.barrierOffset
  }

  private def records(chunk: mutable.ArrayBuffer[Outcome]): Iterator[Transactions.Record] = {
    val now = System.currentTimeMillis()
    val states = mutable.LinkedHashMap[String, Point]()
    val outputs = chunk.iterator.filter(_.kind != Outcome.Repeat).map { o =>
      if (o.kind == Outcome.Dead) deadLetter(o, now)
      else {
        states(o.deviceId) = Point(o.seq, o.timestamp, o.value)
        Transactions.record(topics.output, partition, o.deviceId,
          Records.wiener(o.deviceId, o.seq, o.timestamp, o.dt, o.increment, o.value, o.drift, o.volatility), o.timestamp)
      }
    }
    // Methods, which are evaluated late: the states are known only when all outputs are consumed.
    def changes = states.iterator.map { case (id, point) => Transactions.record(topics.changelog, partition, Records.StatePrefix + id, Records.state(point), now) }
    def position = Iterator(Transactions.record(topics.changelog, partition, Records.PositionKey,
      Records.position(Records.Position(chunk.last.offset + 1, config.partitions, positionConfig, config.topicIds)), now))
    outputs ++ changes ++ position
  }

  /**
   * The dead letter of a refused record. Its timestamp is the wall time: the record's own may be
   * anything, and a broker deletes records that look a week old.
   */
  private def deadLetter(o: Outcome, now: Long): Transactions.Record = {
    val headers = Seq("error-code" -> o.code, "error-message" -> o.message, "source-topic" -> topics.input,
      "source-partition" -> partition.toString, "source-offset" -> o.offset.toString).map { case (k, v) => new RecordHeader(k, v.getBytes(UTF_8)): Header }
    val list = new java.util.ArrayList[Header]()
    headers.foreach(list.add)
    new ProducerRecord(topics.deadLetter, partition, now, o.key, o.payload, list)
  }
}

object PartitionWriter {
  private val RecordOverheadBytes = 300L
  private val HeadersBytes = 5_000L

  def bytesOf(o: Outcome): Long =
    if (o.kind == Outcome.Dead) HeadersBytes + Option(o.payload).map(_.length).getOrElse(0) + Option(o.key).map(_.length).getOrElse(0)
    else RecordOverheadBytes

  def transactionalId(config: WriterConfig, partition: Int): String = s"${config.topics.output}-$partition"

  /**
   * Lets a task take the partition from an earlier task of the same session. Throws superseded if
   * another owner has taken over.
   */
  def takeOver(config: WriterConfig, partition: Int, from: Long): (Transactions.TakenOver, Option[Long]) = {
    val taken = Transactions.takeOver(config.client, transactionalId(config, partition), config.topics.changelog, partition, config.owner, from)
    val owner = taken.restored.lastOwner.getOrElse(config.owner)
    if (config.isOurs(owner)) (taken, taken.restored.position.map(Records.parsePosition(_).next))
    else {
      taken.transactions.close()
      throw EngineError.superseded(s"partition $partition is now $owner's")
    }
  }
}

/** The counts of one task. */
private final class Tally(partition: Int) {
  var skipped = 0L
  private var inputs, outputs, repeats, jumps = 0L
  private var timestamp = -1L
  private val seconds = mutable.ArrayBuffer[Double]()
  private val dead = mutable.Map[String, Long]().withDefaultValue(0L)

  def add(chunk: mutable.ArrayBuffer[Outcome], took: Double): Unit = {
    seconds += took
    inputs += chunk.size
    for (o <- chunk) o.kind match {
      case Outcome.Applied =>
        outputs += 1
        timestamp = o.timestamp
        if (o.jumped) jumps += 1
      case Outcome.Repeat => repeats += 1
      case _ => dead(o.code) += 1
    }
  }

  def report: Report = Report(partition, inputs, outputs, repeats, jumps, skipped, seconds.toSeq, dead.toMap, timestamp)
}
