package fireworks.processor

import fireworks.service.{HealthServer, LocalFiles, Metrics, Service, Settings}
import org.apache.spark.sql.SparkSession

/** The processor: ticks to Wiener records, exactly once, on Spark. */
object Main {
  private val Names = Seq("SEED", "PROCESSOR_PORT", "PROCESSOR_GROUP", "SPARK_MASTER", "SPARK_CHECKPOINT_DIR", "SPARK_STATE_STORE", "STATE_DIR")

  def main(args: Array[String]): Unit = Service.main("processor", Names) { (settings, log) =>
    val metrics = new Metrics
    @volatile var processor: Option[Processor] = None
    @volatile var asked = false
    Service.onSignals(log, settings.long("STOP_GRACE_MS")) { () => asked = true; processor.foreach(_.stop()) }
    // Started before Spark, so that probes are answered from the start.
    val health = new HealthServer(settings.text("HOST"), settings.int("PROCESSOR_PORT"), () => processor.flatMap(_.notLive),
      () => processor.fold(Option("Spark is starting"))(_.notReady), metrics)
    log.info("health and metrics are served", "port" -> health.port)
    val folder = Option(settings.text("SPARK_CHECKPOINT_DIR")).filter(_.nonEmpty).getOrElse(s"${settings.text("STATE_DIR")}/spark")
    val spark = session(settings, folder)
    try {
      val running = new Processor(spark, settings, s"$folder/checkpoints/${settings.text("TOPIC_WIENER")}", log, new ProcessorMetrics(metrics))
      processor = Some(running)
      if (asked) running.stop()
      running.run()
    } finally {
      spark.stop()
      health.close()
    }
  }

  /** The Spark session. Options of spark-submit (spark.*) take precedence over those here. */
  private def session(settings: Settings, folder: String): SparkSession = {
    val store = if (settings.text("SPARK_STATE_STORE") == "rocksdb") "RocksDBStateStoreProvider" else "HDFSBackedStateStoreProvider"
    val defaults = Map(
      "spark.master" -> settings.text("SPARK_MASTER"),
      "spark.local.dir" -> s"$folder/scratch",
      "spark.sql.warehouse.dir" -> s"$folder/warehouse",
      "spark.ui.enabled" -> "false",
      // One task writes the records of each partition. As many tasks are enough for the states.
      "spark.sql.shuffle.partitions" -> settings.text("PARTITIONS"),
      "spark.sql.adaptive.enabled" -> "false",
      "spark.sql.session.timeZone" -> "UTC",
      "spark.sql.streaming.stateStore.providerClass" -> s"org.apache.spark.sql.execution.streaming.state.$store",
      "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled" -> "true",
      "spark.sql.streaming.noDataMicroBatches.enabled" -> "false",
      "spark.sql.streaming.pollingDelay" -> "20ms",
      "spark.sql.streaming.minBatchesToRetain" -> "5",
      "spark.sql.streaming.stopTimeout" -> "8000",
      // By default each micro-batch's plan is formatted for web pages, which are not served here.
      "spark.sql.ui.explainMode" -> "simple",
      "spark.sql.maxPlanStringLength" -> "1000",
      // Limits memory in a process that runs for days: these are kept only for those pages.
      "spark.sql.ui.retainedExecutions" -> "5",
      "spark.ui.retainedJobs" -> "20",
      "spark.ui.retainedStages" -> "20",
      "spark.ui.retainedTasks" -> "200")
    val onOneMachine = if (settings.text("SPARK_MASTER").startsWith("local")) Map("spark.driver.bindAddress" -> "127.0.0.1", "spark.driver.host" -> "127.0.0.1") else Map.empty
    val builder = SparkSession.builder().appName("fireworks-processor")
    for ((name, value) <- defaults ++ LocalFiles.settings(folder) ++ (if (sys.props.contains("spark.master")) Map.empty else onOneMachine) if !sys.props.contains(name)) builder.config(name, value)
    builder.getOrCreate()
  }
}
