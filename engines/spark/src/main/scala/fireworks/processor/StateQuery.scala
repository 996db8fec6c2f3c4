package fireworks.processor

import fireworks.contracts.Records
import fireworks.wiener.{Noise, Point}
import org.apache.spark.sql.streaming.{GroupState, GroupStateTimeout, OutputMode, StreamingQuery}
import org.apache.spark.sql.{Dataset, KeyValueGroupedDataset, SparkSession}

import java.nio.charset.StandardCharsets.UTF_8

/**
 * The streaming query. It decodes the ticks, applies the step by device, and writes the outcomes by
 * partition, in transactions.
 *
 * It uses flatMapGroupsWithState, because a device has one small state without time-outs, and a
 * micro-batch has many of its ticks. mapGroupsWithState gives one result per key and micro-batch.
 * transformWithState needs RocksDB, and its features (several states per key, timers, time to live)
 * are not needed here.
 */
final class StateQuery(spark: SparkSession, config: WriterConfig, batchRecordsMax: Long, groupPrefix: String) {
  import spark.implicits._

  /**
   * Starts the query. restoring: whether the changelog has states; report: gets what each
   * micro-batch has written.
   */
  def start(starts: Map[Int, Start], checkpoint: Checkpoint, restoring: Boolean, report: Seq[Report] => Unit): StreamingQuery = {
    val (partitions, sinkConfig) = (config.partitions, config)
    val step = new DeviceStep(Noise.ofSeed(config.seed), DeviceStep.slots(partitions))
    val inputs = input(starts).map(row => Decode(row, partitions)).groupByKey(_.group)
    val apply: (String, Iterator[Input], GroupState[Point]) => Iterator[Outcome] = (key, rows, state) => step(key, rows, state)
    val outcomes =
      if (checkpoint.fresh && restoring)
        inputs.flatMapGroupsWithState(OutputMode.Append, GroupStateTimeout.NoTimeout, statesOfChangelog(starts, checkpoint))(apply)
      else inputs.flatMapGroupsWithState(OutputMode.Append, GroupStateTimeout.NoTimeout)(apply)
    val write: (Dataset[Outcome], Long) => Unit = (batch, _) => {
      val written = batch
        .repartition(partitions, $"slot")
        .sortWithinPartitions($"partition", $"offset")
        .as[Outcome]
        .mapPartitions(rows => StateQuery.write(sinkConfig, starts, rows))
        .collect()
      report(written.toSeq)
    }
    outcomes.writeStream.queryName("processor").outputMode(OutputMode.Append)
      .option("checkpointLocation", s"${checkpoint.path}/query")
      .foreachBatch(write).start()
  }

  private def input(starts: Map[Int, Start]): Dataset[KafkaRow] = {
    val offsets = starts.toSeq.sortBy(_._1).map { case (p, s) => s""""$p":${s.next}""" }.mkString(",")
    spark.readStream.format("kafka").options(clientOptions)
      .option("assign", assign(config.topics.input))
      .option("startingOffsets", s"""{"${config.topics.input}":{$offsets}}""")
      .option("maxOffsetsPerTrigger", batchRecordsMax)
      .option("failOnDataLoss", "true")
      .load().select($"key", $"value", $"partition", $"offset").as[KafkaRow]
  }

  /**
   * The states in the changelog at our barriers. They are first copied to a file: if Spark runs the
   * first micro-batch again, compaction may have removed them from the changelog.
   */
  private def statesOfChangelog(starts: Map[Int, Start], checkpoint: Checkpoint): KeyValueGroupedDataset[String, Point] = {
    val topic = config.topics.changelog
    val ends = starts.toSeq.sortBy(_._1).map { case (p, s) => s""""$p":${s.barrierOffset}""" }.mkString(",")
    val prefix = Records.StatePrefix
    val records = spark.read.format("kafka").options(clientOptions)
      .option("assign", assign(topic)).option("startingOffsets", "earliest").option("endingOffsets", s"""{"$topic":{$ends}}""")
      .load().select($"key", $"value", $"partition", $"offset").as[KafkaRow]
    val states = records
      .flatMap { r => Option(r.key).map(k => new String(k, UTF_8)).filter(_.startsWith(prefix)).map(k => (k.drop(prefix.length), r.offset, r.value)) }
      .groupByKey(_._1).reduceGroups((a, b) => if (a._2 > b._2) a else b)
      .flatMap { case (device, (_, _, value)) => Option(value).map(v => (device, Records.parseState(new String(v, UTF_8)))) }
    val file = s"${checkpoint.path}/initial"
    states.write.mode("overwrite").parquet(file)
    spark.read.schema(states.schema).parquet(file).as[(String, Point)].groupByKey(_._1).mapValues(_._2)
  }

  /**
   * The options of Spark's Kafka clients. fetch.max.wait.ms is short for this reason: a task
   * requests the log's ends while its consumer's next fetch is still open, and a broker answers the
   * requests of a connection in order. At the end of the log that fetch would wait for half a
   * second, in each task of each micro-batch. A task only reads records that exist, so it need not
   * wait for new ones.
   */
  private def clientOptions: Map[String, String] =
    config.client.map { case (k, v) => s"kafka.$k" -> v } ++
      Map("kafka.isolation.level" -> "read_committed", "kafka.fetch.max.wait.ms" -> "5", "groupIdPrefix" -> groupPrefix)

  private def assign(topic: String): String = s"""{"$topic":[${(0 until config.partitions).mkString(",")}]}"""
}

object StateQuery {

  /** Writes a task's outcomes, which are sorted by partition and offset. */
  def write(config: WriterConfig, starts: Map[Int, Start], rows: Iterator[Outcome]): Iterator[Report] = {
    val ahead = rows.buffered
    Iterator.unfold(())(_ =>
      ahead.headOption.map { first =>
        val own = new Iterator[Outcome] {
          def hasNext: Boolean = ahead.hasNext && ahead.head.partition == first.partition
          def next(): Outcome = ahead.next()
        }
        (Writers.write(config, starts, first.partition, own), ())
      })
  }
}
