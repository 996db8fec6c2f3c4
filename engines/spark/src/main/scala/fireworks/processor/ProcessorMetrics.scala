package fireworks.processor

import fireworks.service.Metrics

/**
 * The processor's metrics, with the names and meanings of packages/streams/src/stage/metrics.ts.
 */
final class ProcessorMetrics(metrics: Metrics) {
  private val inputs = metrics.counter("fireworks_stage_input_records_total", "Input records processed")
  private val outputs = metrics.counter("fireworks_stage_output_records_total", "Output records committed")
  private val dead = metrics.counter("fireworks_stage_dead_letters_total", "Records refused, by code")
  private val events = metrics.counter("fireworks_stage_events_total", "What the stage's step counts")
  private val transactions = metrics.counter("fireworks_stage_transactions_total", "Transactions committed")
  private val replayed = metrics.counter("fireworks_spark_replayed_records_total", "Records of micro-batches run again that were written before")
  private val delay = metrics.gauge("fireworks_stage_event_time_delay_seconds", "Wall time at the last commit minus the event time of the last tick in it")
  private val seconds = metrics.histogram("fireworks_stage_transaction_seconds", "Time of a transaction", 0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 0.5, 1, 5, 10)
  private val batches = metrics.histogram("fireworks_spark_batch_seconds", "Time of a micro-batch", 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30, 60)
  private val phases = metrics.counter("fireworks_spark_phase_seconds_total", "Time of micro-batches with records, by what Spark did (addBatch: reading, the step, the writing)")
  private val failures = metrics.counter("fireworks_stage_failures_total", "Failed sessions, by code")
  private val lost = metrics.counter("fireworks_stage_records_lost_to_retention_total", "Input records that were deleted before they were processed")
  private val lag = metrics.gauge("fireworks_stage_lag_records", "Input records not yet processed")
  private val keys = metrics.gauge("fireworks_stage_state_keys", "Keys with a state")
  private val running = metrics.gauge("fireworks_stage_running", "1 where the partition is processed here")
  private val restoreSeconds = metrics.histogram("fireworks_stage_restore_seconds", "Time from assigned to running", 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
  Seq(inputs, outputs, transactions, lost, replayed).foreach(_.add("", 0))

  def written(reports: Seq[Report]): Unit = for (r <- reports) {
    inputs.add("", r.inputs.toDouble)
    outputs.add("", r.outputs.toDouble)
    replayed.add("", r.skipped.toDouble)
    transactions.add("", r.seconds.size.toDouble)
    r.seconds.foreach(seconds)
    if (r.repeats > 0) events.add("{event=\"repeat\"}", r.repeats.toDouble)
    if (r.jumps > 0) events.add("{event=\"gap\"}", r.jumps.toDouble)
    for ((code, count) <- r.deadCodes) dead.add(s"""{code="$code"}""", count.toDouble)
    if (r.timestamp >= 0) delay.set(label(r.partition), (System.currentTimeMillis() - r.timestamp) / 1e3)
  }

  def progress(lags: Map[Int, Long], states: Option[Long], batch: Option[(Double, Map[String, Double])]): Unit = {
    for ((p, n) <- lags) lag.set(label(p), n.toDouble)
    states.foreach(n => keys.set("", n.toDouble))
    for ((whole, parts) <- batch) {
      batches(whole)
      for ((phase, took) <- parts) phases.add(s"""{phase="$phase"}""", took)
    }
  }

  def failure(code: String): Unit = failures.add(s"""{code="$code"}""", 1)
  def lostRecords(count: Long): Unit = lost.add("", count.toDouble)
  def opened(partitions: Int, took: Double): Unit = { restoreSeconds(took); runs(partitions, 1) }
  def stopped(partitions: Int): Unit = runs(partitions, 0)

  private def runs(partitions: Int, value: Double): Unit = (0 until partitions).foreach(p => running.set(label(p), value))
  private def label(partition: Int): String = s"""{partition="$partition"}"""
}
