package fireworks.wiener

/**
 * The natural logarithm with the operations of fdlibm 5.3 (`e_log.c`). `Math.log` may differ in the
 * last bit between V8, the JVM and glibc, and a path whose noise differs in one bit cannot be
 * recomputed. (StrictMath.log is fdlibm's too, but JDK versions have changed its implementation.
 * This one is the contract's.)
 */
object PortableLog {
  private val Ln2High = 6.93147180369123816490e-01
  private val Ln2Low = 1.90821492927058770002e-10

  /**
   * log(x) of a positive, normal, finite double. Other values give a meaningless number, never an
   * error.
   */
  def log(x: Double): Double = {
    val bits = java.lang.Double.doubleToRawLongBits(x)
    val high = (bits >>> 32).toInt
    val mantissa = high & 0xfffff
    // x = 2^k * (1 + f) with sqrt(1/2) < 1 + f < sqrt(2).
    val carry = (mantissa + 0x95f64) & 0x100000
    val k = ((high >> 20) - 1023 + (carry >> 20)).toDouble
    val f = java.lang.Double.longBitsToDouble(((mantissa | (carry ^ 0x3ff00000)).toLong << 32) | (bits & 0xffffffffL)) - 1.0
    if ((0xfffff & (2 + mantissa)) < 3) nearOne(f, k)
    else {
      val s = f / (2.0 + f)
      val z = s * s
      val w = z * z
      val odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
      val even = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
      val r = even + odd
      if (((mantissa - 0x6147a) | (0x6b851 - mantissa)) > 0) {
        val h = 0.5 * f * f
        if (k == 0) f - (h - s * (h + r)) else k * Ln2High - ((h - (s * (h + r) + k * Ln2Low)) - f)
      } else if (k == 0) f - s * (f - r)
      else k * Ln2High - ((s * (f - r) - k * Ln2Low) - f)
    }
  }

  /** For |f| < 2^-20: a short series, as the long one would lose digits in f - f. */
  private def nearOne(f: Double, k: Double): Double =
    if (f == 0) { if (k == 0) 0.0 else k * Ln2High + k * Ln2Low }
    else {
      val r = f * f * (0.5 - 0.33333333333333333 * f)
      if (k == 0) f - r else k * Ln2High - ((r - k * Ln2Low) - f)
    }
}
