package fireworks.contracts

import fireworks.wiener.Point

/** What happens to a tick after its device's last applied one. */
sealed trait Verdict

object Verdict {
  case object Apply extends Verdict

  /** The tick was seen before: it is counted and skipped. */
  case object Repeat extends Verdict

  final case class Refuse(code: String) extends Verdict

  /**
   * The verdict on a tick: both seq and time must rise. A clock that lost its state counts from 0
   * again at later times, and its ticks are not repeats.
   */
  def of(previous: Option[Point], seq: Long, timestamp: Long): Verdict = previous match {
    case None => Apply
    case Some(last) =>
      val later = timestamp > last.timestamp
      if (seq <= last.seq) { if (later) Refuse("clock-restarted") else Repeat }
      else if (later) Apply
      else Refuse("time-not-increasing")
  }
}
