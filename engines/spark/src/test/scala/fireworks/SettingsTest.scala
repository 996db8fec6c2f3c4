package fireworks

import com.fasterxml.jackson.databind.ObjectMapper
import fireworks.service.Settings
import org.scalatest.funsuite.AnyFunSuite

import java.nio.file.Paths
import java.util.regex.Pattern
import scala.jdk.CollectionConverters._
import scala.util.Try

class SettingsTest extends AnyFunSuite {
  private val names = Seq("BROKERS", "PARTITIONS", "SEED", "LOG_LEVEL", "TOPIC_WIENER")
  private def problems(environment: (String, String)*) =
    Settings.parse(environment.toMap, names).left.map(_.map(_.name.stripPrefix("FIREWORKS_"))).swap.getOrElse(Seq())

  test("defaults apply where nothing is set") {
    val settings = Settings.parse(Map("PATH" -> "/bin"), names).toOption.get
    assert(settings.list("BROKERS") == "127.0.0.1:9092" && settings.int("PARTITIONS") == 4)
  }

  test("all problems at a time, unknown variables among them") {
    assert(problems("FIREWORKS_BROKERS" -> "nowhere", "FIREWORKS_PARTITIONS" -> "0", "FIREWORKS_SEED" -> "18446744073709551616",
      "FIREWORKS_LOG_LEVEL" -> "loud", "FIREWORKS_TOPIC_WIENER" -> "a b", "FIREWORKS_SEDE" -> "1") == names.take(5) :+ "SEDE")
  }

  test("unknown variables are judged as in TypeScript; another product's variable stops nothing") {
    val folder = Paths.get(sys.props.getOrElse("fireworks.vectors", "../../packages/contracts/vectors"))
    val vectors = new ObjectMapper().readTree(folder.resolve("unknown-variables.json").toFile)
    val names = vectors.fieldNames().asScala.toSeq.sorted
    assert(names.size > 20)
    val found = Settings.unknownVariables(names)
    assert(found.misspelt == names.filterNot(vectors.get(_).isNull).map(name => name -> vectors.get(name).textValue()))
    assert(found.foreign == names.filter(vectors.get(_).isNull))
    assert(problems("FIREWORKS_API_KEY" -> "fw_secret").isEmpty)
    assert(found.warnings.size == 1)
    assert(found.warnings.forall(text => text.startsWith("FIREWORKS_, FIREWORKS_ACCOUNT_ID") && !text.contains("\n")))
  }

  test("a setting of an earlier version stops nothing and is named") {
    assert(problems("FIREWORKS_SPARK_BATCH_RECORDS_MAX" -> "1").isEmpty)
    assert(Settings.unknownVariables(Seq("FIREWORKS_SPARK_BATCH_RECORDS_MAX")).warnings ==
      Seq("FIREWORKS_SPARK_BATCH_RECORDS_MAX is no longer a setting: it is fixed at 100000 records since 0.2"))
  }

  test("a text that ends with a line break is another text") {
    assert(problems("FIREWORKS_TOPIC_WIENER" -> "a\n", "FIREWORKS_SEED" -> "1\n") == Seq("SEED", "TOPIC_WIENER"))
  }

  test("Java understands the pattern of every setting, and brokers by IPv6") {
    assert(Settings.patterns.size > 10)
    for ((name, pattern) <- Settings.patterns) assert(Try(Pattern.compile(Settings.javaPattern(pattern))).isSuccess, name)
    assert(problems("FIREWORKS_BROKERS" -> "[::1]:9092,kafka:9092").isEmpty)
    assert(problems("FIREWORKS_BROKERS" -> "[::1:9092") == Seq("BROKERS"))
  }

  private def security(environment: (String, String)*) =
    Settings.parse(environment.map { case (k, v) => s"FIREWORKS_KAFKA_$k" -> v }.toMap, Settings.kafkaClientNames)
      .left.map(_.map(p => p.name.stripPrefix("FIREWORKS_KAFKA_") -> p.value)).swap.getOrElse(Seq())

  test("half a security configuration is refused") {
    assert(security("SASL_USERNAME" -> "me", "TLS_SERVER_NAME" -> "a.b").map(_._1) == Seq("TLS_SERVER_NAME", "SASL_USERNAME"))
    assert(security("SASL_MECHANISM" -> "plain").map(_._1) == Seq("SASL_USERNAME", "SASL_PASSWORD"))
    assert(security("SASL_MECHANISM" -> "aws-msk-iam").map(_._1) == Seq("AWS_REGION", "TLS"))
    assert(security("TLS" -> "true", "TLS_CERT_FILE" -> "/dev/null").map(_._1) == Seq("TLS_KEY_FILE"))
    assert(security("TLS" -> "true", "TLS_CA_FILE" -> "/nowhere").map(_._1) == Seq("TLS_CA_FILE"))
    assert(security("TLS" -> "true", "SASL_MECHANISM" -> "oauthbearer", "OAUTH_TOKEN_URL" -> "https://a/b", "OAUTH_CLIENT_ID" -> "c", "OAUTH_CLIENT_SECRET" -> "d").isEmpty)
  }

  test("no secret is shown") {
    assert(security("SASL_PASSWORD" -> "hunter2", "SASL_PASWORD" -> "hunter2") == Seq("SASL_PASSWORD" -> Some("(not shown)"), "SASL_PASWORD" -> Some("(not shown)")))
  }
}
