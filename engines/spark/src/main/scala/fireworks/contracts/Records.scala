package fireworks.contracts

import com.fasterxml.jackson.core.io.JsonStringEncoder
import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import fireworks.wiener.Point

/** The texts of the records that an engine writes, and what it reads back of them. */
object Records {
  private val mapper = new ObjectMapper()

  /** Doubles as Java writes them: JSON, and parsed again the same binary64; -0 as 0, which the contract takes for the same. */
  private def number(x: Double): String = (x + 0.0).toString

  def quoted(text: String): String = "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\""

  def wiener(deviceId: String, seq: Long, timestamp: Long, dt: Double, increment: Double, value: Double, drift: Double, volatility: Double): String =
    s"""{"deviceId":${quoted(deviceId)},"seq":$seq,"timestamp":$timestamp,"dt":${number(dt)},"increment":${number(increment)},"value":${number(value)},"drift":${number(drift)},"volatility":${number(volatility)}}"""

  // The changelog: states under s/<key>, a position, a barrier.
  val StatePrefix = "s/"
  val PositionKey = "position"
  val BarrierKey = "barrier"

  def state(point: Point): String = s"""{"seq":${point.seq},"timestamp":${point.timestamp},"value":${number(point.value)}}"""

  /** Throws IllegalArgumentException where the text is none. */
  def parseState(text: String): Point = {
    val json = tree(text)
    Point(whole(json, "seq"), whole(json, "timestamp"), finite(json, "value"))
  }

  def barrier(id: String, owner: String): String = s"""{"id":${quoted(id)},"owner":${quoted(owner)}}"""

  final case class Barrier(id: String, owner: String)

  def parseBarrier(text: String): Barrier = {
    val json = tree(text)
    Barrier(string(json, "id"), string(json, "owner"))
  }

  /** Where a partition's owner stands, and what must not change under a running state. */
  final case class Position(next: Long, partitions: Int, config: Map[String, String])

  def position(p: Position): String = {
    val config = p.config.toSeq.sorted.map { case (k, v) => s"${quoted(k)}:${quoted(v)}" }.mkString(",")
    s"""{"next":"${p.next}","partitions":${p.partitions},"config":{$config}}"""
  }

  def parsePosition(text: String): Position = {
    val json = tree(text)
    val config = json.get("config")
    if (config == null || !config.isObject) throw new IllegalArgumentException("config: an object")
    val entries = Map.newBuilder[String, String]
    config.fieldNames().forEachRemaining(name => entries += name -> string(config, name))
    val next = string(json, "next")
    if (!next.matches("\\d{1,19}")) throw new IllegalArgumentException("next: an offset in decimal digits")
    Position(next.toLong, whole(json, "partitions").toInt, entries.result())
  }

  /** The metronome's position: its last tick, and how it counted. */
  final case class ClockPosition(seq: Long, timestamp: Long, epoch: Long, intervalMs: Long, advanceMs: Long)

  def clockPosition(p: ClockPosition): String =
    s"""{"seq":${p.seq},"timestamp":${p.timestamp},"epoch":${p.epoch},"intervalMs":${p.intervalMs},"advanceMs":${p.advanceMs}}"""

  def parseClockPosition(text: String): ClockPosition = {
    val json = tree(text)
    ClockPosition(whole(json, "seq"), whole(json, "timestamp"), whole(json, "epoch"), whole(json, "intervalMs"), whole(json, "advanceMs"))
  }

  private def tree(text: String): JsonNode = {
    val json =
      try mapper.readTree(text)
      catch { case e: com.fasterxml.jackson.core.JsonProcessingException => throw new IllegalArgumentException(e.getOriginalMessage) }
    if (json == null || !json.isObject) throw new IllegalArgumentException("no JSON object")
    json
  }

  private def string(json: JsonNode, name: String): String = {
    val node = json.get(name)
    if (node == null || !node.isTextual) throw new IllegalArgumentException(s"$name: a string")
    node.textValue()
  }

  // A whole number may be written 17.0.
  private def whole(json: JsonNode, name: String): Long = {
    val x = finite(json, name)
    if (x < 0 || x > 9007199254740991.0 || math.floor(x) != x) throw new IllegalArgumentException(s"$name: a whole number")
    x.toLong
  }

  private def finite(json: JsonNode, name: String): Double = {
    val node = json.get(name)
    if (node == null || !node.isNumber || !java.lang.Double.isFinite(node.doubleValue())) throw new IllegalArgumentException(s"$name: a number")
    node.doubleValue()
  }
}
