package fireworks.contracts

import java.nio.ByteBuffer
import java.nio.charset.{CharacterCodingException, CodingErrorAction}
import java.nio.charset.StandardCharsets.UTF_8

/**
 * One tick of one device's clock. timestamp: ms since 1970; drift: 1/s; volatility: 1/sqrt(s). No
 * number in it is -0.
 */
final case class Tick(deviceId: String, seq: Long, timestamp: Long, drift: Double, volatility: Double)

/**
 * Decides which bytes are a tick. All engines agree on that byte for byte
 * (packages/contracts/vectors/tick-vectors.jsonl). Otherwise a device's path would depend on the
 * engine.
 */
object Tick {
  private val CodePointsMax = 128
  private val SeqMax = (1L << 53) - 1
  private val TimestampMax = 8_640_000_000_000_000L

  /**
   * The tick in a record. Otherwise the first of these refusals that applies: no-value,
   * bad-encoding, bad-json, bad-field, bad-key.
   */
  def parse(key: Array[Byte], value: Array[Byte]): Either[Refused, Tick] =
    for {
      text <- decode(value)
      fields <- TickJson.fields(text)
      tick <- fromFields(fields)
      _ <- Either.cond(key != null && java.util.Arrays.equals(key, tick.deviceId.getBytes(UTF_8)), (), Refused("bad-key", "the record's key is not its deviceId"))
    } yield tick

  private def decode(value: Array[Byte]): Either[Refused, String] =
    if (value == null || value.isEmpty) Left(Refused("no-value", "the record has no value"))
    else
      try {
        // new String() would replace invalid UTF-8 with U+FFFD.
        val text = UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(value)).toString
        if (text.charAt(0) == '\ufeff') Left(Refused("bad-encoding", "the value begins with a byte order mark")) else Right(text)
      } catch { case _: CharacterCodingException => Left(Refused("bad-encoding", "the value is not UTF-8")) }

  private def fromFields(fields: TickJson.Fields): Either[Refused, Tick] =
    for {
      deviceId <- fields.deviceId.filter(isDeviceId).toRight(
        Refused("bad-field", s"deviceId: a string of 1 to $CodePointsMax code points without control characters or lone surrogates"))
      seq <- integer("seq", fields.seq, SeqMax)
      timestamp <- integer("timestamp", fields.timestamp, TimestampMax)
      drift <- finite("drift", fields.drift, -Double.MaxValue)
      volatility <- finite("volatility", fields.volatility, 0)
    } yield Tick(deviceId, seq, timestamp, drift, volatility)

  private def isDeviceId(text: String): Boolean = {
    val points = text.codePoints().toArray
    points.nonEmpty && points.length <= CodePointsMax && points.forall(c => c >= 0x20 && c != 0x7f && !(c >= 0xd800 && c <= 0xdfff))
  }

  private def integer(name: String, number: Option[Double], max: Long): Either[Refused, Long] =
    number.filter(x => x >= 0 && x <= max.toDouble && math.floor(x) == x).map(_.toLong).toRight(Refused("bad-field", s"$name: an integer from 0 to $max"))

  // 1e400 is parsed as infinity, so it is refused. Adding 0 turns -0 into 0.
  private def finite(name: String, number: Option[Double], min: Double): Either[Refused, Double] =
    number.filter(x => x >= min && x <= Double.MaxValue).map(_ + 0.0).toRight(Refused("bad-field", s"$name: a finite number from $min to ${Double.MaxValue}"))
}
