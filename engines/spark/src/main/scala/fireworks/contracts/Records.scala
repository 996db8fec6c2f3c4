package fireworks.contracts

import com.fasterxml.jackson.core.io.JsonStringEncoder
import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import fireworks.wiener.Point

/** Writes the texts of the engine's records, and parses those that it reads back. */
object Records {
  private val mapper = new ObjectMapper()

  /**
   * A double as Java writes it. That is JSON, and parsing it gives the same binary64. -0 is written
   * as 0: the contract treats them as equal.
   */
  private def number(x: Double): String = (x + 0.0).toString

  def quoted(text: String): String = "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\""

  def wiener(deviceId: String, seq: Long, timestamp: Long, dt: Double, increment: Double, value: Double, drift: Double, volatility: Double): String =
    s"""{"deviceId":${quoted(deviceId)},"seq":$seq,"timestamp":$timestamp,"dt":${number(dt)},"increment":${number(increment)},"value":${number(value)},"drift":${number(drift)},"volatility":${number(volatility)}}"""

  // The changelog's keys: states under s/<key>, the position, the barrier.
  val StatePrefix = "s/"
  val PositionKey = "position"
  val BarrierKey = "barrier"
  /** Records of a key's resets (`fireworks reset`), kept for audits. */
  val ResetPrefix = "reset/"
  /** The prefix of owners that only reset a key. They leave the partition to its last owner. */
  val ResetOwnerPrefix = "reset/"

  def state(point: Point): String = s"""{"seq":${point.seq},"timestamp":${point.timestamp},"value":${number(point.value)}}"""

  /** Throws IllegalArgumentException if the text is not a state. */
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

  /**
   * The position of a partition: its next input offset, and the configuration of its states. The
   * states are valid only for that configuration. topicIds: the ids of the topics that the states
   * belong to (input, output, changelog); empty in positions of older versions.
   */
  final case class Position(next: Long, partitions: Int, config: Map[String, String], topicIds: Map[String, String] = Map.empty)

  def position(p: Position): String = {
    val ids = if (p.topicIds.isEmpty) "" else s""","topicIds":${texts(p.topicIds)}"""
    s"""{"next":"${p.next}","partitions":${p.partitions},"config":${texts(p.config)}$ids}"""
  }

  private def texts(entries: Map[String, String]): String =
    entries.toSeq.sorted.map { case (k, v) => s"${quoted(k)}:${quoted(v)}" }.mkString("{", ",", "}")

  def parsePosition(text: String): Position = {
    val json = tree(text)
    val config = json.get("config")
    if (config == null || !config.isObject) throw new IllegalArgumentException("config: an object")
    val entries = Map.newBuilder[String, String]
    config.fieldNames().forEachRemaining(name => entries += name -> string(config, name))
    val next = string(json, "next")
    if (!next.matches("\\d{1,19}")) throw new IllegalArgumentException("next: an offset in decimal digits")
    val ids = json.get("topicIds")
    if (ids != null && !ids.isObject) throw new IllegalArgumentException("topicIds: an object")
    val topicIds = Seq("input", "output", "changelog").filter(which => ids != null && ids.has(which)).map(which => which -> string(ids, which)).toMap
    Position(next.toLong, whole(json, "partitions").toInt, entries.result(), topicIds)
  }

  /** The metronome's position: its last tick, and the schedule of its ticks. */
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
