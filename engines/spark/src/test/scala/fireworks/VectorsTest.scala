package fireworks

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import fireworks.contracts.{Partition, Tick, Verdict}
import fireworks.wiener.{Advance, DeviceWords, InverseNormal, Noise, Point}
import org.scalatest.funsuite.AnyFunSuite

import java.nio.file.{Files, Paths}
import scala.collection.mutable
import scala.jdk.CollectionConverters._

/**
 * Every engine must match the three files of test vectors, bit for bit. vitest and pytest read the
 * same files.
 */
class VectorsTest extends AnyFunSuite {
  private val folder = Paths.get(sys.props.getOrElse("fireworks.vectors", "../../packages/contracts/vectors"))
  private val mapper = new ObjectMapper()
  private def lines(name: String): Seq[JsonNode] = Files.readAllLines(folder.resolve(name)).asScala.filter(_.nonEmpty).map(mapper.readTree).toSeq

  private def bits(x: Double): String = f"${java.lang.Double.doubleToRawLongBits(x)}%016x"
  private def hex(node: JsonNode): Array[Byte] = if (node.isNull) null else node.textValue().grouped(2).map(Integer.parseInt(_, 16).toByte).toArray

  test("normal-vectors: the quantile") {
    val vectors = lines("normal-vectors.jsonl")
    assert(vectors.size > 100)
    for (v <- vectors) {
      val u = (v.get("u").textValue().toLong.toDouble + 0.5) * math.pow(2, -52)
      assert(bits(InverseNormal.quantile(u)) == v.get("noise").textValue(), v)
    }
  }

  test("wiener-vectors: noise and paths") {
    val last = mutable.Map[(String, String), Point]()
    val vectors = lines("wiener-vectors.jsonl")
    assert(vectors.size > 100)
    for (v <- vectors) {
      val (seed, tick) = (v.get("seed").textValue(), v.get("tick"))
      val (id, seq, timestamp) = (tick.get("deviceId").textValue(), tick.get("seq").longValue(), tick.get("timestamp").longValue())
      val z = Noise.ofSeed(seed)(DeviceWords.of(id), seq)
      assert(bits(z) == v.get("noise").textValue(), v)
      val step = Advance.step(last.get((seed, id)), timestamp, tick.get("drift").doubleValue(), tick.get("volatility").doubleValue(), z).get
      val found = Map("dt" -> step.dt, "increment" -> step.increment, "value" -> step.value).view.mapValues(bits).toMap
      assert(found == v.get("bits").fieldNames().asScala.map(n => n -> v.get("bits").get(n).textValue()).toMap, v)
      last((seed, id)) = Point(seq, timestamp, step.value)
    }
  }

  test("tick-vectors: which bytes are a tick, and what becomes of it") {
    val last = mutable.Map[String, Point]()
    val noise = Noise.ofSeed("0")
    val vectors = lines("tick-vectors.jsonl")
    assert(vectors.size > 50)
    for (v <- vectors) {
      val (key, value) = (hex(v.get("key")), hex(v.get("value")))
      if (key != null) assert(Partition.of(key, 4) == v.get("partition").intValue(), v)
      val outcome = Tick.parse(key, value) match {
        case Left(refused) => refused.code
        case Right(t) =>
          val previous = last.get(t.deviceId)
          Verdict.of(previous, t.seq, t.timestamp) match {
            case Verdict.Repeat => "repeat"
            case Verdict.Refuse(code) => code
            case Verdict.Apply =>
              Advance.step(previous, t.timestamp, t.drift, t.volatility, noise(DeviceWords.of(t.deviceId), t.seq)) match {
                case None => "not-finite"
                case Some(step) => last(t.deviceId) = Point(t.seq, t.timestamp, step.value); "apply"
              }
          }
      }
      assert(outcome == v.get("outcome").textValue(), v)
    }
  }
}
