package fireworks.processor

import fireworks.contracts.Verdict
import fireworks.wiener.{Advance, DeviceWords, Noise, Point}
import org.apache.spark.sql.streaming.GroupState

/**
 * The stateful step: record N-1 of a device (its state) and record N (the tick) give the next step
 * of its path. It is pure: the same records after the same state give the same outcomes, to the
 * bit. So a micro-batch that Spark runs again writes nothing new.
 */
final class DeviceStep(noise: Noise, slots: Array[Int]) extends Serializable {

  def apply(group: String, rows: Iterator[Input], state: GroupState[Point]): Iterator[Outcome] =
    if (Decode.isRefused(group)) rows.map(row => dead(row, row.code, row.message))
    else {
      // Spark groups a key's records, but in no order. Offsets order them, because all ticks of a
      // device come from one partition.
      val ticks = rows.toArray.sortInPlaceBy(_.offset)
      if (ticks.isEmpty) Iterator.empty else path(group, ticks.toArray, state)
    }

  private def path(deviceId: String, ticks: Array[Input], state: GroupState[Point]): Iterator[Outcome] = {
    val words = DeviceWords.of(deviceId)
    var last = state.getOption
    val before = last
    val outcomes = ticks.map { tick =>
      val (outcome, next) = one(deviceId, words, last, tick)
      last = next
      outcome
    }
    if (last != before) last.foreach(state.update)
    outcomes.iterator
  }

  private def one(deviceId: String, words: DeviceWords, last: Option[Point], tick: Input): (Outcome, Option[Point]) =
    Verdict.of(last, tick.seq, tick.timestamp) match {
      case Verdict.Repeat => (blank(tick, Outcome.Repeat), last)
      case Verdict.Refuse(code) =>
        val previous = last.map(p => s" after seq ${p.seq} at ${p.timestamp}").getOrElse("")
        (dead(tick, code, s"seq ${tick.seq} at ${tick.timestamp}$previous"), last)
      case Verdict.Apply =>
        Advance.step(last, tick.timestamp, tick.drift, tick.volatility, noise(words, tick.seq)) match {
          case None => (dead(tick, "not-finite", "the advance is not a finite number"), last)
          case Some(step) =>
            val jumped = last.exists(_.seq + 1 < tick.seq)
            val outcome = blank(tick, Outcome.Applied).copy(deviceId = deviceId, seq = tick.seq, timestamp = tick.timestamp, dt = step.dt,
              increment = step.increment, value = step.value, drift = tick.drift, volatility = tick.volatility, jumped = jumped)
            (outcome, Some(Point(tick.seq, tick.timestamp, step.value)))
        }
    }

  private def dead(row: Input, code: String, message: String): Outcome =
    blank(row, Outcome.Dead).copy(code = code, message = message, key = row.key, payload = row.value)

  private def blank(row: Input, kind: Int): Outcome =
    Outcome(row.partition, slots(row.partition), row.offset, kind, null, 0, 0, 0, 0, 0, 0, 0, jumped = false, null, null, null, null)
}

object DeviceStep {

  /**
   * For each partition, a number that Spark's hash partitioning puts into the task with the
   * partition's number. So each partition has its own task.
   */
  def slots(partitions: Int): Array[Int] = {
    val found = Array.fill(partitions)(-1)
    Iterator.from(0).takeWhile(_ => found.contains(-1)).foreach { x =>
      val task = Math.floorMod(org.apache.spark.unsafe.hash.Murmur3_x86_32.hashInt(x, 42), partitions)
      if (found(task) < 0) found(task) = x
    }
    found
  }
}
