package fireworks.wiener

/** Philox4x32-10 (Salmon et al., SC'11). The noise needs only its first two words. */
object Philox {
  private val Mask = 0xffffffffL

  /**
   * One block of the generator. All words are unsigned 32-bit numbers in a Long. `use` gets the
   * four words, which saves an object per noise.
   */
  def block[T](c0: Long, c1: Long, c2: Long, c3: Long, k0: Long, k1: Long)(use: (Long, Long, Long, Long) => T): T = {
    var (a, b, c, d) = (c0, c1, c2, c3)
    var (x, y) = (k0, k1)
    var round = 0
    while (round < 10) {
      if (round > 0) {
        x = (x + 0x9e3779b9L) & Mask
        y = (y + 0xbb67ae85L) & Mask
      }
      // The products have 64 bits. >>> gives their right upper half even from a signed Long.
      val p0 = 0xd2511f53L * a
      val p1 = 0xcd9e8d57L * c
      a = (p1 >>> 32) ^ b ^ x
      b = p1 & Mask
      c = (p0 >>> 32) ^ d ^ y
      d = p0 & Mask
      round += 1
    }
    use(a, b, c, d)
  }
}
