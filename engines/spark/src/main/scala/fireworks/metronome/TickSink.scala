package fireworks.metronome

import fireworks.contracts.Records
import fireworks.kafka.{AccessRefused, Changelog, KafkaClient, Topics, Transactions}
import fireworks.service._
import org.apache.kafka.clients.admin.Admin
import org.apache.kafka.clients.producer.ProducerRecord
import org.apache.spark.sql.{Dataset, Row}

import java.net.InetAddress
import scala.jdk.CollectionConverters._
import scala.util.control.NonFatal

/**
 * Writes the ticks of the PySpark metronome. Each tick is one transaction with the clock's new
 * position, as the TypeScript metronome writes it. So each metronome can take over the stream from
 * the other. Spark's own Kafka sink would write ticks twice after a crash, and could not set a
 * record's time. Python calls this class through its gateway and uses all public names here.
 */
final class TickSink private (settings: Settings, log: Log) {
  private val client = KafkaClient.properties(settings)
  private val access = new AccessRefused(settings)
  private val changelog = settings.text("TOPIC_METRONOME_CHANGELOG")
  private val ticks = settings.text("TOPIC_METRONOME")
  private val owner = s"${InetAddress.getLocalHost.getHostName}/spark-${ProcessHandle.current().pid()}/${java.util.UUID.randomUUID().toString.take(8)}"
  private val metrics = new Metrics
  private val ticksTotal = metrics.counter("fireworks_metronome_ticks_total", "Ticks committed, each of all devices")
  private val recordsTotal = metrics.counter("fireworks_metronome_records_total", "Tick records committed")
  private val skippedTotal = metrics.counter("fireworks_metronome_skipped_ticks_total", "Ticks left out after a stop beyond the catch-up bound")
  private val lastSeq = metrics.gauge("fireworks_metronome_last_seq", "Number of the last committed tick")
  private val lateness = metrics.gauge("fireworks_metronome_lateness_seconds", "Wall time at the last commit minus the due time of its last tick")
  private val transactionSeconds = metrics.histogram("fireworks_metronome_transaction_seconds", "Time of a transaction", 0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 0.5, 1, 5, 10)
  @volatile private var taken: Option[Transactions.TakenOver] = None
  /** Why the metronome is not ready. */
  @volatile private var notReady: Option[String] = Some("Spark is starting")
  @volatile private var failure: Option[Throwable] = None
  private var schedule: Schedule = _
  private val health = new HealthServer(settings.text("HOST"), settings.int("METRONOME_PORT"), () => None, () => notReady, metrics)
  Seq(ticksTotal, recordsTotal, skippedTotal).foreach(_.add("", 0))
  log.info("health and metrics are served", "port" -> health.port)

  /** Fences every earlier metronome and reads its position. Returns the schedule from there on. */
  def open(): Schedule = remembering {
    val admin = Admin.create(client.asJava.asInstanceOf[java.util.Map[String, Object]])
    try Topics.ensure(admin, Topics.ofMetronome(settings)) finally admin.close(java.time.Duration.ofSeconds(1))
    val opened = Transactions.takeOver(client, s"$ticks-0", changelog, 0, owner)
    taken = Some(opened)
    schedule = Schedule.begin(opened.restored.position.map(positionOf), settings.long("METRONOME_INTERVAL_MS"), settings.long("METRONOME_ADVANCE_MS"),
      settings.long("METRONOME_CATCH_UP_MAX_MS"), System.currentTimeMillis())
    skippedTotal.add("", schedule.skipped.toDouble)
    log.info(if (opened.restored.position.isEmpty) "a new stream begins" else "the stream goes on", "first" -> schedule.first,
      "timestamp" -> schedule.timestamp, "skipped" -> schedule.skipped, "from" -> opened.restored.lastOwner.orNull)
    notReady = None
    schedule
  }

  /**
   * Writes a tick of all devices when it is due: rows of (seq, timestamp, partition, key, value).
   */
  def write(batch: Dataset[Row]): Unit = remembering {
    val rows = batch.collect()
    for (first <- rows.headOption) {
      val (seq, timestamp) = (first.getLong(0), first.getLong(1))
      val due = schedule.dueMs(seq)
      val early = due - System.currentTimeMillis()
      if (early > 0) Thread.sleep(early)
      val started = System.nanoTime()
      val records = rows.iterator.map(r => new ProducerRecord(ticks, r.getInt(2), r.getLong(1), r.getAs[Array[Byte]](3), r.getAs[Array[Byte]](4)))
      val position = Records.clockPosition(schedule.position(seq, timestamp))
      taken.get.transactions.commit(records ++ Iterator(Transactions.record(changelog, 0, Records.PositionKey, position, System.currentTimeMillis())))
      transactionSeconds((System.nanoTime() - started) / 1e9)
      ticksTotal.add("", 1)
      recordsTotal.add("", rows.length.toDouble)
      lastSeq.set("", seq.toDouble)
      lateness.set("", (System.currentTimeMillis() - due) / 1e3)
    }
  }

  /** Ends the sink and logs why. Returns the exit code of the process. */
  def end(): Int = {
    notReady = Some("stopping")
    taken.foreach(_.transactions.close())
    health.close()
    failure match {
      case None => log.info("stopped in order"); Exit.Ok
      case Some(e) => Service.explain(log, verdict(e))
    }
  }

  /**
   * Finds out why we were fenced: by another metronome, or because our transaction has timed out.
   * Another metronome writes a barrier to the changelog, and gets some time to do so.
   */
  private def verdict(error: Throwable): Throwable =
    if (!EngineError.in(error).exists(_.code == "fenced") || taken.isEmpty) error
    else {
      val deadline = System.nanoTime() + 3_000_000_000L
      var found = foreign()
      while (!found && System.nanoTime() < deadline) { Thread.sleep(100); found = foreign() }
      if (found) EngineError.superseded("another metronome has taken over this stream") else error
    }

  private def foreign(): Boolean =
    try {
      val admin = Admin.create(client.asJava.asInstanceOf[java.util.Map[String, Object]])
      try Changelog.owners(client, changelog, 0, taken.get.barrierOffset, Topics.ranges(admin, changelog, 1)(0)._2).exists(_ != owner)
      finally admin.close(java.time.Duration.ofSeconds(1))
    } catch { case NonFatal(_) => false }

  private def positionOf(text: String): Records.ClockPosition =
    try Records.parseClockPosition(text)
    catch { case e: IllegalArgumentException => throw EngineError.config("changelog-unreadable", s"the position in the changelog was not written by a metronome: $text", e) }

  private def remembering[T](work: => T): T =
    try work
    catch {
      case NonFatal(raw) =>
        val e = access.named(raw)
        failure = Some(e)
        notReady = Some(e.getMessage)
        throw e
    }
}

object TickSink {
  private val Names = Seq("METRONOME_PORT", "METRONOME_INTERVAL_MS", "METRONOME_ADVANCE_MS", "METRONOME_CATCH_UP_MAX_MS")

  /** Creates the sink with the settings of the environment, which Python has checked. */
  def create(): TickSink = Settings.parse(sys.env, Service.CommonNames ++ Names ++ Settings.kafkaClientNames) match {
    case Right(settings) => new TickSink(settings, new Log("metronome", settings.text("LOG_LEVEL")))
    case Left(problems) => throw new IllegalArgumentException(problems.mkString("; "))
  }

  /** Logs why `create` has thrown. Returns the exit code of the process. */
  def explain(error: Throwable): Int = Service.explain(new Log("metronome", "info"), error)
}
