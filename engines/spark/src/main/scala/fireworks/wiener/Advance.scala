package fireworks.wiener

/**
 * A device's last applied tick, and the value of its path at that tick. It is the device's state in
 * the stream and in the changelog.
 */
final case class Point(seq: Long, timestamp: Long, value: Double)

/** dt: seconds since the device's last record. */
final case class Step(dt: Double, increment: Double, value: Double)

/**
 * One step of a Wiener process with drift. The order of operations is part of the contract between
 * the engines.
 */
object Advance {
  private val First = Step(0, 0, 0)

  /**
   * The next step, for a tick to be applied. None if it is not a finite number. z: the tick's
   * noise; not evaluated for a device's first tick.
   */
  def step(previous: Option[Point], timestamp: Long, drift: Double, volatility: Double, z: => Double): Option[Step] = previous match {
    case None => Some(First)
    case Some(last) =>
      val dt = (timestamp - last.timestamp).toDouble / 1000
      val increment = drift * dt + volatility * math.sqrt(dt) * z
      val value = last.value + increment
      if (java.lang.Double.isFinite(increment) && java.lang.Double.isFinite(value)) Some(Step(dt, increment, value)) else None
  }
}
