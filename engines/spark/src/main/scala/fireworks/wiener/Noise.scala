package fireworks.wiener

import java.nio.charset.StandardCharsets.UTF_8
import java.security.MessageDigest

/**
 * The part of the generator's counter that comes from the DeviceID: the first 8 bytes of the
 * SHA-256 of its UTF-8, as two big-endian u32.
 */
final case class DeviceWords(high: Long, low: Long)

object DeviceWords {
  def of(deviceId: String): DeviceWords = {
    val digest = java.nio.ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(deviceId.getBytes(UTF_8)))
    DeviceWords(digest.getInt() & 0xffffffffL, digest.getInt() & 0xffffffffL)
  }
}

/**
 * The noise of one tick: a standard normal number. It is a pure function of (seed, DeviceID, seq),
 * the same to the bit in every engine.
 */
final case class Noise(seed: Long) {
  private val seedLow = seed & 0xffffffffL
  private val seedHigh = seed >>> 32

  def apply(words: DeviceWords, seq: Long): Double =
    Philox.block(seq & 0xffffffffL, seq >>> 32, words.high, words.low, seedLow, seedHigh) { (w0, w1, _, _) =>
      InverseNormal.quantile((((w0 >>> 12) << 32 | w1).toDouble + 0.5) * Noise.TwoMinus52)
    }
}

object Noise {
  private val TwoMinus52 = 2.220446049250313e-16

  /** seed: a decimal number from 0 to 2^64-1. */
  def ofSeed(seed: String): Noise = Noise(java.lang.Long.parseUnsignedLong(seed))
}
