import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The noise of a tick, as packages/wiener has it: Philox4x32-10 (Salmon et al., SC'11), then PPND16
 * (Wichura, AS 241) on fdlibm's logarithm.
 */
final class Noise {
  private static final double[] CENTRAL_TOP = {2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080};
  private static final double[] CENTRAL_BOTTOM = {5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0};
  private static final double[] MIDDLE_TOP = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734};
  private static final double[] MIDDLE_BOTTOM = {1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1.0};
  private static final double[] TAIL_TOP = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720};
  private static final double[] TAIL_BOTTOM = {2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0};

  private Noise() {}

  /** The first 8 bytes of SHA-256 of the DeviceID. */
  static long deviceWords(String deviceId) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(deviceId.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A standard normal, a pure function of its arguments. */
  static double noise(long seed, long words, long seq) {
    int x0 = (int) seq, x1 = (int) (seq >>> 32), x2 = (int) (words >>> 32), x3 = (int) words;
    int k0 = (int) seed, k1 = (int) (seed >>> 32);
    for (int round = 0; round < 10; round++) {
      long p0 = 0xd2511f53L * (x0 & 0xffffffffL), p1 = 0xcd9e8d57L * (x2 & 0xffffffffL);
      x0 = (int) (p1 >>> 32) ^ x1 ^ k0;
      x1 = (int) p1;
      x2 = (int) (p0 >>> 32) ^ x3 ^ k1;
      x3 = (int) p0;
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    double bits = (double) (x0 >>> 12) * 0x1p32 + (x1 & 0xffffffffL);
    return inverseNormal((bits + 0.5) * 0x1p-52);
  }

  private static double inverseNormal(double p) {
    double q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
      double r = 0.180625 - q * q;
      return q * polynomial(CENTRAL_TOP, r) / polynomial(CENTRAL_BOTTOM, r);
    }
    // StrictMath.log is fdlibm's, to the bit.
    double root = Math.sqrt(-StrictMath.log(q < 0 ? p : 1 - p));
    double size =
        root <= 5
            ? polynomial(MIDDLE_TOP, root - 1.6) / polynomial(MIDDLE_BOTTOM, root - 1.6)
            : polynomial(TAIL_TOP, root - 5) / polynomial(TAIL_BOTTOM, root - 5);
    return q < 0 ? -size : size;
  }

  private static double polynomial(double[] c, double r) {
    double sum = c[0];
    for (int i = 1; i < c.length; i++) sum = sum * r + c[i];
    return sum;
  }
}
