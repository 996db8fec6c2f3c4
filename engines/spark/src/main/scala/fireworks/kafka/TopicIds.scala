package fireworks.kafka

import fireworks.service.EngineError
import org.apache.kafka.clients.admin.Admin
import org.apache.kafka.common.Uuid
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException

import java.util.concurrent.ExecutionException
import scala.jdk.CollectionConverters._

/**
 * The ids of the processor's topics, under input, output and changelog. They reveal a topic that
 * was deleted and created again. The position contains them, so states are never used with another
 * topic of the same name (packages/streams/src/stage/topic-ids.ts). A broker before Kafka 2.8 has
 * no ids. Then only the offsets can reveal another topic.
 */
object TopicIds {

  /** The current ids. */
  def of(admin: Admin, topics: Topics): Map[String, String] = {
    val answers = admin.describeTopics(names(topics).values.toSeq.asJava).topicNameValues().asScala
    names(topics).flatMap { case (which, name) =>
      val id =
        try Some(answers(name).get().topicId()).filter(_ != Uuid.ZERO_UUID)
        catch { case e: ExecutionException if e.getCause.isInstanceOf[UnknownTopicOrPartitionException] => None }
      id.map(uuid => which -> f"${uuid.getMostSignificantBits}%016x${uuid.getLeastSignificantBits}%016x")
    }
  }

  /** Throws input-mismatch or topic-replaced if a topic's id is not the one of the states. */
  def demand(expected: Map[String, String], found: Map[String, String], topics: Topics): Unit =
    for ((which, name) <- names(topics); before <- expected.get(which); now <- found.get(which) if before != now)
      throw EngineError.config(if (which == "input") "input-mismatch" else "topic-replaced",
        s"the topic $name was deleted and made again: its id is $now, but the states in ${topics.changelog} belong to $before. ${remedy(which, topics)}")

  private def names(topics: Topics) = Map("input" -> topics.input, "output" -> topics.output, "changelog" -> topics.changelog)

  private def remedy(which: String, topics: Topics): String = which match {
    case "input" => s"To process the new topic from its start, delete ${topics.output} and ${topics.changelog} as well, or name other topics"
    case "output" => s"Its records are lost. To process the input again, delete ${topics.changelog} as well, or name another output topic"
    case _ => s"The states are lost. Restore the changelog, or delete ${topics.output} as well to process the input again"
  }
}
