package fireworks

import fireworks.contracts.{Refused, Tick}
import org.scalatest.funsuite.AnyFunSuite

/** Cases that the vectors do not have, in which JSON libraries differ from JSON.parse. */
class TickTest extends AnyFunSuite {
  private def parse(text: String) = Tick.parse("d".getBytes, text.getBytes("UTF-8"))
  private def tick(extra: String) = s"""{"deviceId":"d","seq":1,"timestamp":1000,"drift":0,"volatility":1$extra}"""

  test("of a name that comes twice the last one holds, whatever its type") {
    assert(parse(tick(""","seq":2""")).map(_.seq) == Right(2L))
    assert(parse(tick(""","seq":null""")).left.map(_.code) == Left("bad-field"))
  }

  test("deep nesting, long numbers and long names are read over") {
    val deep = 100_000
    assert(parse(tick(s""","x":${"[" * deep}${"]" * deep}""")).isRight)
    assert(parse(tick(s""","x":${"9" * deep}""")).isRight)
    assert(parse(tick(s""","${"n" * deep}":1""")).isRight)
    assert(parse("[" * deep).left.map(_.code) == Left("bad-json"))
  }

  test("what JSON.parse refuses is bad-json") {
    for (bad <- Seq("""{"a":1,}""", "{a:1}", "{'a':1}", """{"a":.5}""", """{"a":5.}""", """{"a":-}""", """{"a":-01}""", """{"a":1}/**/""", """{"a":1}{}""",
        "{\"a\":\"\n\"}", """{"a":"\x"}""", """{"a":tru}""", """{"a":Infinity}""", """{"a":1 2}""", "\u00a0{}", "{}\u0000", """{"a" 1}""", "{\"a\":\"\\" + "u12\"}"))
      assert(parse(bad).left.map(_.code) == Left("bad-json"), bad)
  }

  test("a message is cut between characters") {
    assert(Refused.cut("💥" * 1001) == "💥" * 1000)
    assert(Refused.cut("x" * 1000) == "x" * 1000)
  }
}
