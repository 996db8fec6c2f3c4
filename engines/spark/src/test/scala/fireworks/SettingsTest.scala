package fireworks

import fireworks.service.Settings
import org.scalatest.funsuite.AnyFunSuite

class SettingsTest extends AnyFunSuite {
  private val names = Seq("BROKERS", "PARTITIONS", "SEED", "LOG_LEVEL", "TOPIC_WIENER")
  private def problems(environment: (String, String)*) =
    Settings.parse(environment.toMap, names).left.map(_.map(_.name.stripPrefix("FIREWORKS_"))).swap.getOrElse(Seq())

  test("standards hold where nothing is set") {
    val settings = Settings.parse(Map("PATH" -> "/bin"), names).toOption.get
    assert(settings.list("BROKERS") == "127.0.0.1:9092" && settings.int("PARTITIONS") == 4)
  }

  test("all problems at a time, unknown variables among them") {
    assert(problems("FIREWORKS_BROKERS" -> "nowhere", "FIREWORKS_PARTITIONS" -> "0", "FIREWORKS_SEED" -> "18446744073709551616",
      "FIREWORKS_LOG_LEVEL" -> "loud", "FIREWORKS_TOPIC_WIENER" -> "a b", "FIREWORKS_SEDE" -> "1") == names.take(5) :+ "SEDE")
  }

  test("a text that ends with a line break is another text") {
    assert(problems("FIREWORKS_TOPIC_WIENER" -> "a\n", "FIREWORKS_SEED" -> "1\n") == Seq("SEED", "TOPIC_WIENER"))
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
