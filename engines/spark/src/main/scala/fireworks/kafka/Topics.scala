package fireworks.kafka

import fireworks.service.{EngineError, Settings}
import org.apache.kafka.clients.admin.{Admin, NewTopic, OffsetSpec}
import org.apache.kafka.common.TopicPartition
import org.apache.kafka.common.config.ConfigResource
import org.apache.kafka.common.errors.{TopicExistsException, UnknownTopicOrPartitionException}

import java.util.concurrent.ExecutionException
import scala.jdk.CollectionConverters._

/** A topic as its writer needs it, as packages/contracts/src/topics.ts has it. */
final case class TopicSpec(name: String, partitions: Int, replicationFactor: Short, cleanup: String, config: Map[String, String])

/** The names of the processor's topics. */
final case class Topics(input: String, output: String, changelog: String, deadLetter: String)

object Topics {
  /** Kafka's default limit of a record batch, and so of a tick. */
  val SourceBytesMax = 1_048_588

  // Record timestamps are event times: a broker must not refuse those ahead of its own clock.
  private val EventTime = Map("message.timestamp.after.max.ms" -> Long.MaxValue.toString)
  private val SmallSegments = Map("segment.bytes" -> (16 * 1024 * 1024).toString, "segment.ms" -> "600000",
    "min.cleanable.dirty.ratio" -> "0.1", "delete.retention.ms" -> "3600000")
  private val PresentWithinMs = 10_000L

  def of(settings: Settings): Topics =
    Topics(settings.text("TOPIC_METRONOME"), settings.text("TOPIC_WIENER"), settings.text("TOPIC_PROCESSOR_CHANGELOG"), settings.text("TOPIC_DEAD_LETTER"))

  private def kept(s: Settings, name: String, more: (String, String)*): TopicSpec =
    TopicSpec(name, s.int("PARTITIONS"), s.int("REPLICATION_FACTOR").toShort, "delete",
      EventTime ++ Map("cleanup.policy" -> "delete", "retention.ms" -> s.text("RETENTION_MS")) ++ more)

  private def compacted(s: Settings, name: String, partitions: Int): TopicSpec =
    TopicSpec(name, partitions, s.int("REPLICATION_FACTOR").toShort, "compact", EventTime ++ SmallSegments + ("cleanup.policy" -> "compact"))

  /** What the processor writes. */
  def ofProcessor(s: Settings): Seq[TopicSpec] = Seq(
    kept(s, s.text("TOPIC_WIENER")),
    compacted(s, s.text("TOPIC_PROCESSOR_CHANGELOG"), s.int("PARTITIONS")),
    // A dead letter holds a whole source record and headers.
    kept(s, s.text("TOPIC_DEAD_LETTER"), "max.message.bytes" -> (2 * SourceBytesMax).toString))

  /** What the metronome writes. */
  def ofMetronome(s: Settings): Seq[TopicSpec] = Seq(kept(s, s.text("TOPIC_METRONOME")), compacted(s, s.text("TOPIC_METRONOME_CHANGELOG"), 1))

  /** Creates what is absent, and holds what is there to what is needed. */
  def ensure(admin: Admin, specs: Seq[TopicSpec]): Unit = {
    val present = admin.listTopics().names().get().asScala
    val absent = specs.filterNot(spec => present.contains(spec.name)).map(s => new NewTopic(s.name, s.partitions, s.replicationFactor).configs(s.config.asJava))
    admin.createTopics(absent.asJava).values().values().forEach { created =>
      // Somebody else made it meanwhile: the check that follows tells whether it is right.
      try created.get() catch { case e: ExecutionException if e.getCause.isInstanceOf[TopicExistsException] => () }
    }
    specs.foreach(check(admin, _))
  }

  private def check(admin: Admin, spec: TopicSpec): Unit = {
    val deadline = System.currentTimeMillis() + PresentWithinMs
    var found = partitions(admin, spec.name)
    while (found.isEmpty && System.currentTimeMillis() < deadline) { Thread.sleep(50); found = partitions(admin, spec.name) }
    val count = found.getOrElse(throw new EngineError("group-failed", s"the topic ${spec.name} was made, but is not there after $PresentWithinMs ms", None))
    if (count != spec.partitions) throw wrongPartitions(spec.name, count, spec.partitions)
    val resource = new ConfigResource(ConfigResource.Type.TOPIC, spec.name)
    val cleanup = admin.describeConfigs(java.util.List.of(resource)).all().get().get(resource).get("cleanup.policy").value()
    if (cleanup != spec.cleanup)
      throw EngineError.config("topic-mismatch", s"the topic ${spec.name} has cleanup.policy=$cleanup, not ${spec.cleanup}: change it (kafka-configs --alter), or name another topic")
  }

  /** The input must be there, with as many partitions. */
  def checkInput(admin: Admin, name: String, wanted: Int): Unit = partitions(admin, name) match {
    case None => throw new EngineError("group-failed", s"the topic $name is not there yet", None)
    case Some(count) if count != wanted => throw wrongPartitions(name, count, wanted)
    case _ => ()
  }

  private def wrongPartitions(name: String, found: Int, wanted: Int) =
    EngineError.config("topic-mismatch", s"the topic $name has $found partitions, not $wanted: set FIREWORKS_PARTITIONS to what it has, or name another topic")

  private def partitions(admin: Admin, name: String): Option[Int] =
    try Some(admin.describeTopics(java.util.List.of(name)).allTopicNames().get().get(name).partitions().size())
    catch { case e: ExecutionException if e.getCause.isInstanceOf[UnknownTopicOrPartitionException] => None }

  /** The log's start and its end, by partition. */
  def ranges(admin: Admin, name: String, partitions: Int): Map[Int, (Long, Long)] = {
    def offsets(spec: OffsetSpec) =
      admin.listOffsets((0 until partitions).map(p => new TopicPartition(name, p) -> spec).toMap.asJava).all().get().asScala.map { case (tp, o) => tp.partition -> o.offset }
    val (low, high) = (offsets(OffsetSpec.earliest()), offsets(OffsetSpec.latest()))
    (0 until partitions).map(p => p -> (low(p), high(p))).toMap
  }
}
