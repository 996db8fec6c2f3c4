package fireworks.processor

import fireworks.contracts.Records
import fireworks.kafka.{AccessRefused, Changelog, KafkaClient, TopicIds, Topics}
import fireworks.service.{EngineError, Log, Settings}
import org.apache.kafka.clients.admin.Admin
import org.apache.spark.sql.SparkSession

import java.net.InetAddress
import java.util.concurrent.{CountDownLatch, TimeUnit}
import scala.jdk.CollectionConverters._
import scala.util.control.NonFatal

/**
 * Runs the processor: one session after another, until it is stopped, another owner takes over, or
 * an error needs a person.
 *
 * A session takes over all partitions, chooses its checkpoint, and runs the query. It ends at the
 * first failure and never repairs itself. The next session begins with a take-over, and the
 * changelog tells it how far the last one came.
 */
final class Processor(spark: SparkSession, settings: Settings, checkpointDir: String, log: Log, metrics: ProcessorMetrics) {
  private val partitions = settings.int("PARTITIONS")
  private val client = KafkaClient.properties(settings)
  private val access = new AccessRefused(settings)
  private val topics = Topics.of(settings)
  private val local = spark.sparkContext.isLocal
  private val process = s"${InetAddress.getLocalHost.getHostName}-${ProcessHandle.current().pid()}-${java.util.UUID.randomUUID().toString.take(8)}"
  private val checkpoints = new Checkpoints(checkpointDir, spark.sparkContext.hadoopConfiguration)
  private val progress = new Progress(metrics)
  private val stopping = new CountDownLatch(1)
  @volatile private var failure: Option[String] = Some("starting")
  @volatile private var inARow = 0
  @volatile private var batches = 0L
  private var sessions = 0
  private var topicIds: Map[String, String] = Map.empty
  private var starts: Map[Int, Start] = Map.empty

  /** Why the processor is not working now. None if it is. */
  def notReady: Option[String] = failure

  /** Why the process should be restarted. None while it can still recover by itself. */
  def notLive: Option[String] = {
    val silence = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - progress.lastSignOfLife)
    if (inARow > Processor.FailuresMax) Some(s"$inARow failures in a row, the last: ${failure.getOrElse("")}")
    else if (failure.isEmpty && silence > Processor.SilenceMaxSeconds) Some(s"the query has reported nothing for $silence s")
    else None
  }

  /** Asks the processor to stop. Then `run` returns. */
  def stop(): Unit = stopping.countDown()

  /** Works until it is stopped. Throws an EngineError with an exit code if it is unrecoverable. */
  def run(): Unit = {
    spark.streams.addListener(progress)
    while (stopping.getCount > 0) {
      val before = batches
      try session(trusted = inARow < 2)
      catch {
        case NonFatal(raw) =>
          val e = access.named(raw)
          val named = EngineError.in(e).getOrElse(new EngineError("query-failed", Option(e.getMessage).getOrElse(e.toString), None, e))
          if (named.exitCode.isDefined) throw named
          inARow = if (batches > before) 1 else inARow + 1
          failure = Some(s"${named.code}: ${named.getMessage.linesIterator.take(1).mkString}")
          metrics.failure(named.code)
          if (stopping.getCount > 0) again(named)
      } finally {
        Writers.closeAll()
        metrics.stopped(partitions)
      }
    }
  }

  private def again(named: EngineError): Unit = {
    superseded(named.code == "fenced").foreach(owner => throw EngineError.superseded(s"another processor has taken over this stream: $owner"))
    val backoffMs = math.min(100L << math.min(inARow, 6), 5_000L)
    log.warn("not working: trying again", "code" -> named.code, "reason" -> named.getMessage, "backoffMs" -> backoffMs)
    stopping.await(backoffMs, TimeUnit.MILLISECONDS)
    ()
  }

  private def session(trusted: Boolean): Unit = {
    val started = System.nanoTime()
    sessions += 1
    val admin = Admin.create((client ++ Map("default.api.timeout.ms" -> "15000", "request.timeout.ms" -> "10000")).asJava.asInstanceOf[java.util.Map[String, Object]])
    try {
      Topics.ensure(admin, Topics.ofProcessor(settings))
      Topics.checkInput(admin, topics.input, partitions)
      val ids = TopicIds.of(admin, topics)
      // A topic may have been replaced since an earlier session of this process.
      TopicIds.demand(topicIds, ids, topics)
      topicIds = ids
      val unnamed = WriterConfig(client, topics, partitions, settings.text("SEED"), Limits.TransactionRecordsMax,
        Limits.TransactionBytesMax, s"$process/$sessions", checkpoint = "", takeAgain = !local, topicIds = ids)
      val taken = new Opening(unnamed, admin, log).run()
      metrics.lostRecords(taken.map(_.lost).sum)
      val checkpoint = checkpoints.choose(taken.map(_.restored.lastOwner).toSet, trusted && taken.forall(_.lost == 0))
      val config = unnamed.copy(checkpoint = checkpoint.id)
      starts = taken.map(t => t.partition -> named(config, t)).toMap
      if (!local) Writers.closeAll()
      checkpoints.removeOthers(checkpoint)
      work(new StateQuery(spark, config, Limits.BatchRecordsMax, settings.text("PROCESSOR_GROUP")), checkpoint, taken.exists(_.restored.states > 0), started, admin)
    } finally admin.close(java.time.Duration.ofSeconds(1))
  }

  /** Writes a barrier that names the session's checkpoint, which is known only now. */
  private def named(config: WriterConfig, taken: Taken): Start = {
    val offset = taken.transactions.barrier(topics.changelog, taken.partition, java.util.UUID.randomUUID().toString, config.owner)
    Writers.put(config.session, taken.partition, new PartitionWriter(config, taken.partition, taken.transactions, taken.next, offset))
    Start(taken.next, offset)
  }

  private def work(query: StateQuery, checkpoint: Checkpoint, restoring: Boolean, started: Long, admin: Admin): Unit = {
    val running = query.start(starts, checkpoint, restoring, reports => { batches += 1; metrics.written(reports) })
    val took = (System.nanoTime() - started) / 1e9
    metrics.opened(partitions, took)
    log.info("the processor is running", "checkpoint" -> checkpoint.id, "fresh" -> checkpoint.fresh, "seconds" -> took)
    failure = None
    try {
      var asked = System.nanoTime()
      while (stopping.getCount > 0 && !running.awaitTermination(Processor.LookEveryMs))
        if (System.nanoTime() - asked > Processor.TopicIdsEveryNanos) {
          checkTopics(admin)
          asked = System.nanoTime()
        }
    } finally {
      if (stopping.getCount > 0) failure = Some("the query has ended") else failure = Some("stopping")
      running.stop()
    }
  }

  /**
   * Checks that no topic was deleted and created again: neither the broker nor the clients report
   * that. If the broker cannot be reached, the next check tries again.
   */
  private def checkTopics(admin: Admin): Unit =
    try TopicIds.demand(topicIds, TopicIds.of(admin, topics), topics)
    catch { case NonFatal(e) if EngineError.in(e).isEmpty => () }

  /**
   * The owner that has written a barrier after ours. An owner that has just fenced us gets some
   * time to write it.
   */
  private def superseded(fenced: Boolean): Option[String] = {
    val deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(if (fenced) Processor.SuccessorWithinMs else 0)
    var found = foreignOwner()
    while (found.isEmpty && System.nanoTime() < deadline && stopping.getCount > 0) {
      stopping.await(100, TimeUnit.MILLISECONDS)
      found = foreignOwner()
    }
    found
  }

  private def foreignOwner(): Option[String] =
    try {
      val admin = Admin.create(client.asJava.asInstanceOf[java.util.Map[String, Object]])
      try {
        val ranges = Topics.ranges(admin, topics.changelog, partitions)
        starts.iterator.flatMap { case (p, s) => Changelog.owners(client, topics.changelog, p, s.barrierOffset, ranges(p)._2) }.find(owner => !owner.contains(process) && !owner.startsWith(Records.ResetOwnerPrefix))
      } finally admin.close(java.time.Duration.ofSeconds(1))
    } catch { case NonFatal(_) => None } // the broker is away: the next session will tell
}

object Processor {
  private val FailuresMax = 20
  private val SilenceMaxSeconds = 120L
  private val LookEveryMs = 100L
  private val TopicIdsEveryNanos = 2_000_000_000L
  private val SuccessorWithinMs = 3_000L
}
