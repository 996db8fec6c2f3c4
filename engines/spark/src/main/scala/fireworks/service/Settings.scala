package fireworks.service

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}

import java.nio.file.{Files, Path}
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

  /** Stands for a secret's value, and for that of a variable that nobody knows: it may be a secret with a typing error in its name. */
  private val Hidden = "(not shown)"

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
    def text(name: String) = environment.getOrElse(Prefix + name, catalogue(Prefix + name).get("standard").textValue())
    def wrong(name: String, expected: String) = {
      val found = environment.get(Prefix + name)
      Problem(Prefix + name, if (use(name).contains("secret")) found.filter(_.isEmpty).orElse(found.map(_ => Hidden)) else found, expected)
    }
    val single = names.flatMap { name =>
      val unreadable = Some(text(name)).filter(_.nonEmpty && use(name).contains("file")).filterNot(f => Files.isReadable(Path.of(f)) && !Files.isDirectory(Path.of(f)))
      val twice = use(name).contains("secret") && text(name).nonEmpty && environment.get(s"$Prefix${name}_FILE").exists(_.nonEmpty)
      expectation(name, catalogue(Prefix + name), text(name)).map(wrong(name, _)) ++
        unreadable.map(_ => wrong(name, "a file that can be read")) ++
        Option.when(twice)(wrong(s"${name}_FILE", s"nothing: $Prefix$name is set as well"))
    }
    val together = if (names.contains("KAFKA_SASL_MECHANISM")) KafkaSecurity.problems(text).map { case (name, expected) => wrong(name, expected) } else Seq.empty
    val unknown = environment.keys.filter(n => n.startsWith(Prefix) && !catalogue.contains(n)).toSeq.sorted
      .map(n => Problem(n, Some(Hidden), "no such variable: no part has this setting (docs/settings.md lists them all)"))
    val problems = single ++ together ++ unknown
    if (problems.isEmpty) Right(new Settings(names.map(name => name -> text(name)).toMap)) else Left(problems)
  }

  /** What a setting is for: secret, file. */
  private def use(name: String): Option[String] = Option(catalogue(Prefix + name).get("use")).map(_.textValue())

  /** What was expected, where the text is none of it. */
  private def expectation(name: String, check: JsonNode, text: String): Option[String] = {
    def matches(part: String) = Pattern.compile(check.get("pattern").textValue().replace("$", "\\z")).matcher(part).find() // $ would also match before a last newline
    lazy val expected = check.get("expected").textValue()
    check.get("kind").textValue() match {
      case "any" => None
      case "choice" =>
        val choices = check.get("choices").elements().asScala.map(_.textValue()).toSeq
        Option.unless(choices.contains(text))(choices.map(c => if (c.isEmpty) "nothing" else c).mkString("one of ", ", ", ""))
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
