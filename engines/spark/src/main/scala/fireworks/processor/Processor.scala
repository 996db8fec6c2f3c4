package fireworks.processor

import fireworks.kafka.{AccessRefused, Changelog, KafkaClient, Topics}
import fireworks.service.{EngineError, Log, Settings}
import org.apache.kafka.clients.admin.Admin
import org.apache.spark.sql.SparkSession

import java.net.InetAddress
import java.util.concurrent.{CountDownLatch, TimeUnit}
import scala.jdk.CollectionConverters._
import scala.util.control.NonFatal

/**
 * The processor's life: one session after another, until it is stopped, or another owner has come, or a person must mend something.
 *
 * A session takes all partitions over, chooses its checkpoint, and runs the query. It ends at the first trouble and never mends itself: the
 * next one begins with a take-over, and the changelog says how far the last one was.
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
  @volatile private var trouble: Option[String] = Some("starting")
  @volatile private var inARow = 0
  @volatile private var batches = 0L
  private var sessions = 0
  private var starts: Map[Int, Start] = Map.empty

  /** Why it does not work now. */
  def notReady: Option[String] = trouble

  /** Why a restart of the process would help. */
  def notLive: Option[String] = {
    val silence = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - progress.lastSignOfLife)
    if (inARow > Processor.TroublesMax) Some(s"$inARow troubles in a row, the last: ${trouble.getOrElse("")}")
    else if (trouble.isEmpty && silence > Processor.SilenceMaxSeconds) Some(s"the query has said nothing for $silence s")
    else None
  }

  /** Asks it to stop; `run` returns. */
  def stop(): Unit = stopping.countDown()

  /** Works until it is stopped. Throws EngineError with an exit code where another try mends nothing. */
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
          trouble = Some(s"${named.code}: ${named.getMessage.linesIterator.take(1).mkString}")
          metrics.trouble(named.code)
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
      val unnamed = WriterConfig(client, topics, partitions, settings.text("SEED"), settings.int("PROCESSOR_TRANSACTION_RECORDS_MAX"),
        settings.long("PROCESSOR_TRANSACTION_BYTES_MAX"), s"$process/$sessions", checkpoint = "", takeAnew = !local)
      val taken = new Opening(unnamed, admin, log).run()
      metrics.lostRecords(taken.map(_.lost).sum)
      val checkpoint = checkpoints.choose(taken.map(_.restored.lastOwner).toSet, trusted && taken.forall(_.lost == 0))
      val config = unnamed.copy(checkpoint = checkpoint.id)
      starts = taken.map(t => t.partition -> named(config, t)).toMap
      if (!local) Writers.closeAll()
      checkpoints.removeOthers(checkpoint)
      work(new StateQuery(spark, config, settings.long("SPARK_BATCH_RECORDS_MAX"), settings.text("PROCESSOR_GROUP")), checkpoint, taken.exists(_.restored.states > 0), started)
    } finally admin.close(java.time.Duration.ofSeconds(1))
  }

  /** Only now does a barrier say which checkpoint is right. */
  private def named(config: WriterConfig, taken: Taken): Start = {
    val offset = taken.transactions.barrier(topics.changelog, taken.partition, java.util.UUID.randomUUID().toString, config.owner)
    Writers.put(config.session, taken.partition, new PartitionWriter(config, taken.partition, taken.transactions, taken.next, offset))
    Start(taken.next, offset)
  }

  private def work(query: StateQuery, checkpoint: Checkpoint, restoring: Boolean, started: Long): Unit = {
    val running = query.start(starts, checkpoint, restoring, reports => { batches += 1; metrics.written(reports) })
    val took = (System.nanoTime() - started) / 1e9
    metrics.opened(partitions, took)
    log.info("the processor is running", "checkpoint" -> checkpoint.id, "fresh" -> checkpoint.fresh, "seconds" -> took)
    trouble = None
    try {
      while (stopping.getCount > 0 && !running.awaitTermination(Processor.LookEveryMs)) ()
    } finally {
      if (stopping.getCount > 0) trouble = Some("the query has ended") else trouble = Some("stopping")
      running.stop()
    }
  }

  /** Who has written a barrier after ours. One that has just fenced us is given some time to. */
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
        starts.iterator.flatMap { case (p, s) => Changelog.owners(client, topics.changelog, p, s.barrierOffset, ranges(p)._2) }.find(!_.contains(process))
      } finally admin.close(java.time.Duration.ofSeconds(1))
    } catch { case NonFatal(_) => None } // the broker is away: the next session will tell
}

object Processor {
  private val TroublesMax = 20
  private val SilenceMaxSeconds = 120L
  private val LookEveryMs = 100L
  private val SuccessorWithinMs = 3_000L
}
