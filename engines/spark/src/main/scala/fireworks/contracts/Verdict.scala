package fireworks.contracts

import fireworks.wiener.Point

/** What becomes of a tick after its device's last applied one. */
sealed trait Verdict

object Verdict {
  case object Apply extends Verdict

  /** Seen before: counted and passed over. */
  case object Repeat extends Verdict

  final case class Refuse(code: String) extends Verdict

  /** Both seq and time must rise: a clock that lost its state counts from 0 again at later times, and its ticks are no repeats. */
  def of(previous: Option[Point], seq: Long, timestamp: Long): Verdict = previous match {
    case None => Apply
    case Some(last) =>
      val later = timestamp > last.timestamp
      if (seq <= last.seq) { if (later) Refuse("clock-restarted") else Repeat }
      else if (later) Apply
      else Refuse("time-not-increasing")
  }
}
