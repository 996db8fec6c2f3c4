package fireworks.processor

import fireworks.service.{HealthServer, LocalFiles, Metrics, Service, Settings}
import org.apache.spark.sql.SparkSession

/** The processor: ticks to Wiener records, exactly once, on Spark. */
object Main {
  private val Names = Seq("SEED", "PROCESSOR_PORT", "PROCESSOR_GROUP", "PROCESSOR_TRANSACTION_RECORDS_MAX", "PROCESSOR_TRANSACTION_BYTES_MAX",
    "SPARK_MASTER", "SPARK_CHECKPOINT_DIR", "SPARK_BATCH_RECORDS_MAX", "SPARK_STATE_STORE", "STATE_DIR")

  def main(args: Array[String]): Unit = Service.main("processor", Names) { (settings, log) =>
    val metrics = new Metrics
    @volatile var processor: Option[Processor] = None
    @volatile var asked = false
    Service.onSignals(log, settings.long("STOP_GRACE_MS")) { () => asked = true; processor.foreach(_.stop()) }
    // Before Spark is up: a probe is answered from the start.
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

  /** What spark-submit was told (spark.*) goes before what is said here. */
  private def session(settings: Settings, folder: String): SparkSession = {
    val store = if (settings.text("SPARK_STATE_STORE") == "rocksdb") "RocksDBStateStoreProvider" else "HDFSBackedStateStoreProvider"
    val defaults = Map(
      "spark.master" -> settings.text("SPARK_MASTER"),
      "spark.local.dir" -> s"$folder/scratch",
      "spark.sql.warehouse.dir" -> s"$folder/warehouse",
      "spark.ui.enabled" -> "false",
      // Partition p's records are written by one task; that many states' tasks do for it as well.
      "spark.sql.shuffle.partitions" -> settings.text("PARTITIONS"),
      "spark.sql.adaptive.enabled" -> "false",
      "spark.sql.session.timeZone" -> "UTC",
      "spark.sql.streaming.stateStore.providerClass" -> s"org.apache.spark.sql.execution.streaming.state.$store",
      "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled" -> "true",
      "spark.sql.streaming.noDataMicroBatches.enabled" -> "false",
      "spark.sql.streaming.pollingDelay" -> "20ms",
      "spark.sql.streaming.minBatchesToRetain" -> "5",
      "spark.sql.streaming.stopTimeout" -> "8000",
      // Each micro-batch's plan would be written out for pages that are not served.
      "spark.sql.ui.explainMode" -> "simple",
      "spark.sql.maxPlanStringLength" -> "1000",
      // For days on end: nobody looks at the pages that these are kept for.
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
