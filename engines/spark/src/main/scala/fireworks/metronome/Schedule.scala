package fireworks.metronome

import fireworks.contracts.Records.ClockPosition

/**
 * The schedule: which tick comes next, and when each tick is due. It follows
 * services/metronome/src/schedule.ts, for a source that gives one tick per micro-batch. Tick n is
 * due at `epoch + n * intervalMs`, so lateness does not accumulate. Its event time is one advance
 * after that of the tick before.
 *
 * first: number of the next tick; timestamp: its event time; skipped: how many ticks before it are
 * left out because they are beyond the catch-up limit.
 */
final case class Schedule(epoch: Long, intervalMs: Long, advanceMs: Long, first: Long, timestamp: Long, skipped: Long) {
  def dueMs(seq: Long): Long = epoch + seq * intervalMs
  def position(seq: Long, time: Long): ClockPosition = ClockPosition(seq, time, epoch, intervalMs, advanceMs)
}

object Schedule {

  /**
   * The schedule from now on. position: the clock's last position; None at its very first start.
   */
  def begin(position: Option[ClockPosition], intervalMs: Long, advanceMs: Long, catchUpMaxMs: Long, nowMs: Long): Schedule = position match {
    case None => Schedule(nowMs, intervalMs, advanceMs, 0, nowMs, 0)
    case Some(last) =>
      // After a change of the interval the epoch moves, so that the last tick keeps its due time.
      val epoch = last.epoch + last.seq * last.intervalMs - last.seq * intervalMs
      val due = Math.floorDiv(nowMs - epoch, intervalMs)
      val oldest = -Math.floorDiv(-(nowMs - catchUpMaxMs - epoch), intervalMs)
      val next = last.seq + 1
      val first = math.max(next, math.min(due, oldest))
      Schedule(epoch, intervalMs, advanceMs, first, last.timestamp + (first - last.seq) * advanceMs, first - next)
  }
}
