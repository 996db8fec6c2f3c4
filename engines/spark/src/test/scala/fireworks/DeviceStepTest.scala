package fireworks

import fireworks.metronome.Schedule
import fireworks.contracts.Records.ClockPosition
import fireworks.processor.{Checkpoints, DeviceStep}
import org.scalatest.funsuite.AnyFunSuite

/** Parts of the engine that work without Spark. */
class DeviceStepTest extends AnyFunSuite {
  test("each partition has a task of its own") {
    for (partitions <- Seq(1, 2, 4, 7, 16)) {
      val tasks = DeviceStep.slots(partitions).map(x => Math.floorMod(org.apache.spark.unsafe.hash.Murmur3_x86_32.hashInt(x, 42), partitions))
      assert(tasks.toSeq == (0 until partitions))
    }
  }

  test("only the barrier of a session that knows the checkpoint names it") {
    assert(Checkpoints.idOf(Checkpoints.owner("v1-0123abcd", "host-1-2/3")).contains("v1-0123abcd"))
    for (owner <- Seq(Checkpoints.owner("", "host-1-2/3"), "host/12/0123abcd", "spark/v0-0123abcd/x/1")) assert(Checkpoints.idOf(owner).isEmpty)
  }

  test("the clock goes on after its last tick, skips beyond the bound, and keeps its place when the interval changes") {
    val last = ClockPosition(seq = 9, timestamp = 5_000, epoch = 1_000, intervalMs = 100, advanceMs = 1_000)
    assert(Schedule.begin(None, 100, 1_000, 0, 7_000) == Schedule(7_000, 100, 1_000, 0, 7_000, 0))
    assert(Schedule.begin(Some(last), 100, 1_000, 0, 1_950) == Schedule(1_000, 100, 1_000, 10, 6_000, 0))
    assert(Schedule.begin(Some(last), 100, 1_000, 500, 3_000) == Schedule(1_000, 100, 1_000, 15, 11_000, 5))
    val slower = Schedule.begin(Some(last), 200, 2_000, 0, 1_950)
    assert(slower.dueMs(10) == 2_100 && slower.timestamp == 7_000 && slower.first == 10)
  }
}
