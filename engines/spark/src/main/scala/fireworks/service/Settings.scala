package fireworks.service

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}

import java.util.regex.Pattern
import scala.jdk.CollectionConverters._

/** One wrong setting: the variable, what it held (None: absent), and what was expected. */
final case class Problem(name: String, value: Option[String], expected: String)

/** Checked settings, by their variables without the prefix. */
final class Settings(values: Map[String, String]) extends Serializable {
  def text(name: String): String = values(name)
  def long(name: String): Long = values(name).toLong
  def int(name: String): Int = values(name).toInt

  /** Parts separated by commas, in the same form. */
  def list(name: String): String = values(name).split(",").map(_.trim).mkString(",")
}

/** From the environment to the settings, once, at the start: all problems at a time, as packages/contracts/src/parse-settings.ts. */
object Settings {
  val Prefix = "FIREWORKS_"

  /** Names, standards and checks, made from packages/contracts by `pnpm docs`. */
  private lazy val catalogue: Map[String, JsonNode] = {
    val json = new ObjectMapper().readTree(getClass.getResource("/settings.json"))
    json.fieldNames().asScala.map(name => name -> json.get(name)).toMap
  }

  /** What is more than a pattern (`rule` in the catalogue). */
  private val rules: Map[String, String => Boolean] = Map("SEED" -> (text => BigInt(text) < (BigInt(1) << 64)))

  private val KafkaClient = "FIREWORKS_(KAFKA_(?:TLS|SASL|OAUTH|AWS)(?:_.*)?)".r

  /** The settings of the Kafka clients that this version of the contracts has: TLS, SASL. */
  def kafkaClientNames: Seq[String] = catalogue.keys.collect { case KafkaClient(name) => name }.toSeq.sorted

  def parse(environment: Map[String, String], names: Seq[String]): Either[Seq[Problem], Settings] = {
    val (problems, values) = names.partitionMap { name =>
      val check = catalogue(Prefix + name)
      val found = environment.get(Prefix + name)
      val text = found.getOrElse(check.get("standard").textValue())
      expectation(name, check, text).fold[Either[Problem, (String, String)]](Right(name -> text))(e => Left(Problem(Prefix + name, found, e)))
    }
    val unknown = environment.keys.filter(n => n.startsWith(Prefix) && !catalogue.contains(n)).toSeq.sorted
      .map(n => Problem(n, environment.get(n), "no such variable: no part has this setting (docs/settings.md lists them all)"))
    if (problems.isEmpty && unknown.isEmpty) Right(new Settings(values.toMap)) else Left(problems ++ unknown)
  }

  /** What was expected, where the text is none of it. */
  private def expectation(name: String, check: JsonNode, text: String): Option[String] = {
    def matches(part: String) = Pattern.compile(check.get("pattern").textValue().replace("$", "\\z")).matcher(part).find() // $ would also match before a last newline
    lazy val expected = check.get("expected").textValue()
    check.get("kind").textValue() match {
      case "any" => None
      case "choice" =>
        val choices = check.get("choices").elements().asScala.map(_.textValue()).toSeq
        Option.unless(choices.contains(text))(choices.mkString("one of ", ", ", ""))
      case "integer" =>
        val (low, high) = (check.get("low").longValue(), check.get("high").longValue())
        val ok = text.matches("-?[0-9]{1,16}") && text.toLong >= low && text.toLong <= high
        Option.unless(ok)(s"an integer from $low to $high")
      case "text" => Option.unless(matches(text) && rules.getOrElse(name, (_: String) => true)(text))(expected)
      case "list" => Option.unless(text.split(",", -1).forall(part => matches(part.trim)))(s"$expected, separated by commas")
      case kind => throw new IllegalStateException(s"$name: this engine cannot check a setting of kind $kind")
    }
  }
}
