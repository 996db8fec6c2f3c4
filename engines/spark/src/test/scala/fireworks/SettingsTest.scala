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
}
