package fireworks.processor

import scala.collection.mutable

/**
 * The writers of this JVM, one per partition. They are kept from micro-batch to micro-batch,
 * because taking over a partition costs a round of transactions. On one machine the driver's
 * writers are used. An executor opens its own when it gets the first task of a partition.
 */
object Writers {
  private val open = mutable.Map[Int, (String, PartitionWriter)]()

  def put(session: String, partition: Int, writer: PartitionWriter): Unit = synchronized { open(partition) = (session, writer) }

  def write(config: WriterConfig, starts: Map[Int, Start], partition: Int, outcomes: Iterator[Outcome]): Report = {
    val writer = of(config, starts(partition), partition)
    try writer.write(outcomes)
    catch { case e: Throwable => drop(partition, writer); throw e }
  }

  def closeAll(): Unit = synchronized { open.values.foreach(_._2.close()); open.clear() }

  private def of(config: WriterConfig, start: Start, partition: Int): PartitionWriter = {
    val (mine, others) = synchronized(open.get(partition)).partition(_._1 == config.session)
    mine.headOption.map(_._2).getOrElse {
      others.foreach { case (_, old) => drop(partition, old) }
      val (taken, position) = PartitionWriter.takeOver(config, partition, start.barrierOffset)
      val writer = new PartitionWriter(config, partition, taken.transactions, position.getOrElse(start.next), taken.barrierOffset)
      put(config.session, partition, writer)
      writer
    }
  }

  private def drop(partition: Int, writer: PartitionWriter): Unit = {
    synchronized { if (open.get(partition).exists(_._2 eq writer)) open.remove(partition) }
    writer.close()
  }
}
