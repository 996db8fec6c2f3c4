package fireworks.kafka

import fireworks.service.{EngineError, Settings}
import org.apache.kafka.clients.admin.{Admin, CreateTopicsOptions, NewTopic, OffsetSpec}
import org.apache.kafka.common.{KafkaFuture, TopicPartition}
import org.apache.kafka.common.config.ConfigResource
import org.apache.kafka.common.errors.{ApiException, AuthenticationException, InvalidConfigurationException, InvalidPartitionsException, InvalidReplicationFactorException,
  InvalidRequestException, InvalidTopicException, PolicyViolationException, TimeoutException, TopicExistsException, UnknownTopicOrPartitionException, UnsupportedVersionException}
import org.apache.kafka.common.protocol.Errors

import java.util.concurrent.ExecutionException
import scala.jdk.CollectionConverters._

/** A topic as its writer needs it. packages/contracts/src/topics.ts has the same. */
final case class TopicSpec(name: String, partitions: Int, replicationFactor: Short, cleanup: String, config: Map[String, String])

/** The names of the processor's topics. */
final case class Topics(input: String, output: String, changelog: String, deadLetter: String)

object Topics {
  /** Kafka's default limit for a record batch, and so for a tick. */
  val SourceBytesMax = 1_048_588

  // Record timestamps are event times: a broker must not refuse those that are ahead of its clock.
  private val EventTime = Map("message.timestamp.after.max.ms" -> Long.MaxValue.toString)
  private val SmallSegments = Map("segment.bytes" -> (16 * 1024 * 1024).toString, "segment.ms" -> "600000",
    "min.cleanable.dirty.ratio" -> "0.1", "delete.retention.ms" -> "3600000")
  private val PresentWithinMs = 10_000L

  def of(settings: Settings): Topics =
    Topics(settings.text("TOPIC_METRONOME"), settings.text("TOPIC_WIENER"), settings.text("TOPIC_PROCESSOR_CHANGELOG"), settings.text("TOPIC_DEAD_LETTER"))

  private def kept(s: Settings, name: String, more: (String, String)*): TopicSpec =
    TopicSpec(name, s.int("PARTITIONS"), s.int("REPLICATION_FACTOR").toShort, "delete",
      config(s, "delete", EventTime ++ Map("retention.ms" -> s.text("RETENTION_MS")) ++ more))

  private def compacted(s: Settings, name: String, partitions: Int): TopicSpec =
    TopicSpec(name, partitions, s.int("REPLICATION_FACTOR").toShort, "compact", config(s, "compact", EventTime ++ SmallSegments))

  /** The topic's settings. cleanup.policy is always set: without it the topic is useless. */
  private def config(s: Settings, cleanup: String, own: Map[String, String]): Map[String, String] =
    Map("cleanup.policy" -> cleanup) ++ (if (s.text("TOPIC_CONFIGS") == "own") own else Map.empty)

  /** The topics that the processor writes. */
  def ofProcessor(s: Settings): Seq[TopicSpec] = Seq(
    kept(s, s.text("TOPIC_WIENER")),
    compacted(s, s.text("TOPIC_PROCESSOR_CHANGELOG"), s.int("PARTITIONS")),
    // A dead letter contains a whole source record and headers.
    kept(s, s.text("TOPIC_DEAD_LETTER"), "max.message.bytes" -> (2 * SourceBytesMax).toString))

  /** The topics that the metronome writes. */
  def ofMetronome(s: Settings): Seq[TopicSpec] = Seq(kept(s, s.text("TOPIC_METRONOME")), compacted(s, s.text("TOPIC_METRONOME_CHANGELOG"), 1))

  /** Creates missing topics, and checks all of them. */
  def ensure(admin: Admin, specs: Seq[TopicSpec]): Unit = {
    val present = admin.listTopics().names().get().asScala
    val absent = specs.filterNot(spec => present.contains(spec.name)).map(s => new NewTopic(s.name, s.partitions, s.replicationFactor).configs(s.config.asJava))
    // First validate all of them, then create them. Otherwise a refused changelog would leave the
    // output behind, which looks like a silent stream to readers.
    for (validateOnly <- Seq(true, false) if absent.nonEmpty) {
      val answers = admin.createTopics(absent.asJava, new CreateTopicsOptions().validateOnly(validateOnly)).values().asScala
      val refused = answers.toSeq.flatMap { case (name, answer) => refusal(answer).map(name -> _) }
      if (refused.nonEmpty) throw notCreated(refused, specs)
    }
    specs.foreach(check(admin, _))
  }

  /**
   * Why a topic was not created. Throws errors that are not about the topic: rejected credentials,
   * an unreachable broker.
   */
  private def refusal(answer: KafkaFuture[Void]): Option[ApiException] =
    try { answer.get(); None }
    catch {
      // Another process has created it meanwhile. The check that follows decides whether it is
      // right.
      case e: ExecutionException if e.getCause.isInstanceOf[TopicExistsException] => None
      case e: ExecutionException => e.getCause match {
        case why: AuthenticationException => throw why
        case why: TimeoutException => throw why
        case why: ApiException => Some(why)
        case other => throw other
      }
    }

  /** The error, with the broker's own message (packages/streams/src/kafka/create-topics.ts). */
  private def notCreated(refused: Seq[(String, ApiException)], specs: Seq[TopicSpec]): EngineError = {
    val sentences = refused.map { case (name, why) =>
      val words = Option(why.getMessage).getOrElse("the broker gives no reason")
      s"Kafka refused to create the topic $name (${Errors.forException(why)}): $words${if (words.matches("(?s).*[.!?]")) "" else "."}${advice(why, specs)}"
    }
    val unrecoverable = refused.exists { case (_, why) =>
      why match {
        case _: InvalidConfigurationException | _: PolicyViolationException | _: InvalidPartitionsException | _: InvalidTopicException |
            _: InvalidRequestException | _: UnsupportedVersionException => true
        case _ => false
      }
    }
    if (unrecoverable) EngineError.config("topic-refused", sentences.mkString(" ")) else new EngineError("topic-not-created", sentences.mkString(" "), None)
  }

  private def advice(why: ApiException, specs: Seq[TopicSpec]): String = why match {
    case _: InvalidReplicationFactorException =>
      s" Set FIREWORKS_REPLICATION_FACTOR (now ${specs.head.replicationFactor}) to at most the number of brokers, or start more brokers."
    case _: InvalidConfigurationException | _: PolicyViolationException =>
      " Create the topic by hand, or set FIREWORKS_TOPIC_CONFIGS=cluster to leave its settings to the cluster."
    case _ => ""
  }

  private def check(admin: Admin, spec: TopicSpec): Unit = {
    val deadline = System.currentTimeMillis() + PresentWithinMs
    var found = partitions(admin, spec.name)
    while (found.isEmpty && System.currentTimeMillis() < deadline) { Thread.sleep(50); found = partitions(admin, spec.name) }
    val count = found.getOrElse(throw new EngineError("topic-absent", s"the topic ${spec.name} was made, but is not there after $PresentWithinMs ms", None))
    if (count != spec.partitions) throw wrongPartitions(spec.name, count, spec.partitions)
    val resource = new ConfigResource(ConfigResource.Type.TOPIC, spec.name)
    val cleanup = admin.describeConfigs(java.util.List.of(resource)).all().get().get(resource).get("cleanup.policy").value()
    if (cleanup != spec.cleanup)
      throw EngineError.config("topic-mismatch", s"the topic ${spec.name} has cleanup.policy=$cleanup, not ${spec.cleanup}: change it (kafka-configs --alter), or name another topic")
  }

  /** Throws if the input does not exist or has another number of partitions. */
  def checkInput(admin: Admin, name: String, wanted: Int): Unit = partitions(admin, name) match {
    case None => throw new EngineError("topic-absent", s"the topic $name is not there yet", None)
    case Some(count) if count != wanted => throw wrongPartitions(name, count, wanted)
    case _ => ()
  }

  private def wrongPartitions(name: String, found: Int, wanted: Int) =
    EngineError.config("topic-mismatch", s"the topic $name has $found partitions, not $wanted: set FIREWORKS_PARTITIONS to what it has, or name another topic")

  private def partitions(admin: Admin, name: String): Option[Int] =
    try Some(admin.describeTopics(java.util.List.of(name)).allTopicNames().get().get(name).partitions().size())
    catch { case e: ExecutionException if e.getCause.isInstanceOf[UnknownTopicOrPartitionException] => None }

  /** The start and the end of the log, by partition. */
  def ranges(admin: Admin, name: String, partitions: Int): Map[Int, (Long, Long)] = {
    def offsets(spec: OffsetSpec) =
      admin.listOffsets((0 until partitions).map(p => new TopicPartition(name, p) -> spec).toMap.asJava).all().get().asScala.map { case (tp, o) => tp.partition -> o.offset }
    val (low, high) = (offsets(OffsetSpec.earliest()), offsets(OffsetSpec.latest()))
    (0 until partitions).map(p => p -> (low(p), high(p))).toMap
  }
}
