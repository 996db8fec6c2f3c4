package fireworks.service

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}

import java.nio.file.{Files, Path}
import java.util.regex.Pattern
import scala.jdk.CollectionConverters._

/** One wrong setting: the variable, its value (None if not set), and what was expected. */
final case class Problem(name: String, value: Option[String], expected: String)

/** The checked settings. Their names are those of the variables, without the prefix. */
final class Settings(values: Map[String, String]) extends Serializable {
  def text(name: String): String = values(name)
  def long(name: String): Long = values(name).toLong
  def int(name: String): Int = values(name).toInt

  /** A list with commas as separators and without spaces around them. */
  def list(name: String): String = values(name).split(",").map(_.trim).mkString(",")
}

/**
 * Reads and checks the settings from the environment, once, at the start. All problems are reported
 * together, as packages/contracts/src/parse-settings.ts does.
 */
object Settings {
  val Prefix = "FIREWORKS_"

  /**
   * Shown instead of the value of a secret or of a misspelt variable. The latter may be a secret
   * with a typing error in its name.
   */
  private val Hidden = "(not shown)"

  /** Names, defaults and checks, which `pnpm run docs` generates from packages/contracts. */
  private lazy val catalogue: Map[String, JsonNode] = generated("settings")

  /** Settings of earlier versions, each with what holds instead. */
  private lazy val removed: Map[String, String] = generated("removed").map { case (name, text) => name -> text.textValue() }

  private def generated(field: String): Map[String, JsonNode] = {
    val json = new ObjectMapper().readTree(getClass.getResource("/settings.json")).get(field)
    json.fieldNames().asScala.map(name => name -> json.get(name)).toMap
  }

  /** Checks that a pattern cannot express (`rule` in the catalogue). */
  private val rules: Map[String, String => Boolean] = Map("SEED" -> (text => BigInt(text) < (BigInt(1) << 64)))

  private val KafkaClient = "FIREWORKS_(KAFKA_(?:TLS|SASL|OAUTH|AWS)(?:_.*)?)".r

  /** The Kafka clients' settings in this version of the contracts: TLS, SASL. */
  def kafkaClientNames: Seq[String] = catalogue.keys.collect { case KafkaClient(name) => name }.toSeq.sorted

  def unknownVariables(names: Iterable[String]): UnknownVariables = UnknownVariables.in(names, catalogue.keys, removed)

  def parse(environment: Map[String, String], names: Seq[String]): Either[Seq[Problem], Settings] = {
    def text(name: String) = environment.getOrElse(Prefix + name, catalogue(Prefix + name).get("default").textValue())
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
    val unknown = unknownVariables(environment.keys).misspelt
      .map { case (n, meant) => Problem(n, Some(Hidden), s"no such variable: did you mean $meant? (docs/operate/settings.md lists all settings)") }
    val problems = single ++ together ++ unknown
    if (problems.isEmpty) Right(new Settings(names.map(name => name -> text(name)).toMap)) else Left(problems)
  }

  /** How a setting is used: `secret`, `file`, or None. */
  private def use(name: String): Option[String] = Option(catalogue(Prefix + name).get("use")).map(_.textValue())

  /**
   * Translates a JavaScript pattern to Java. In Java $ also matches before a last newline, and an
   * unescaped [ inside a character class begins a nested class.
   */
  private[fireworks] def javaPattern(javascript: String): String = {
    val java = new StringBuilder
    var (inClass, escaped) = (false, false)
    for (c <- javascript) {
      if (escaped) java.append(c)
      else if (c == '[' && inClass) java.append("\\[")
      else if (c == '$' && !inClass) java.append("\\z")
      else java.append(c)
      if (!escaped && c == '[') inClass = true
      if (!escaped && c == ']') inClass = false
      escaped = !escaped && c == '\\'
    }
    java.toString
  }

  /** The patterns of all settings, by variable. */
  private[fireworks] def patterns: Map[String, String] =
    catalogue.flatMap { case (name, check) => Option(check.get("pattern")).map(name -> _.textValue()) }

  /** What was expected, if the text is invalid. */
  private def expectation(name: String, check: JsonNode, text: String): Option[String] = {
    def matches(part: String) = Pattern.compile(javaPattern(check.get("pattern").textValue())).matcher(part).find()
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
