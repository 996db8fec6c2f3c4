package fireworks.processor

import com.fasterxml.jackson.databind.ObjectMapper
import org.apache.spark.sql.streaming.StreamingQueryListener
import org.apache.spark.sql.streaming.StreamingQueryListener._

import scala.jdk.CollectionConverters._

/** Follows what Spark reports about the query: signs of life, and how far behind it is. */
final class Progress(metrics: ProcessorMetrics) extends StreamingQueryListener {
  @volatile var lastSignOfLife: Long = System.nanoTime()
  private val mapper = new ObjectMapper()

  override def onQueryStarted(event: QueryStartedEvent): Unit = lastSignOfLife = System.nanoTime()
  override def onQueryTerminated(event: QueryTerminatedEvent): Unit = ()
  override def onQueryIdle(event: QueryIdleEvent): Unit = lastSignOfLife = System.nanoTime()

  override def onQueryProgress(event: QueryProgressEvent): Unit = {
    lastSignOfLife = System.nanoTime()
    val p = event.progress
    val lags = p.sources.headOption.map { s =>
      val (latest, end) = (offsets(s.latestOffset), offsets(s.endOffset))
      latest.map { case (partition, high) => partition -> math.max(0, high - end.getOrElse(partition, high)) }
    }
    val phases = p.durationMs.asScala.collect { case (phase, ms) if phase != "triggerExecution" => phase -> ms / 1e3 }.toMap
    val batch = Option.when(p.numInputRows > 0)((p.batchDuration / 1e3, phases))
    metrics.progress(lags.getOrElse(Map.empty), p.stateOperators.headOption.map(_.numRowsTotal), batch)
  }

  /** The offsets by partition in Spark's JSON: {"topic":{"0":12}} */
  private def offsets(json: String): Map[Int, Long] =
    if (json == null) Map.empty
    else mapper.readTree(json).elements().asScala.flatMap(topic => topic.fieldNames().asScala.map(p => p.toInt -> topic.get(p).longValue())).toMap
}
