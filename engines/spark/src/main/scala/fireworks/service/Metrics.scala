package fireworks.service

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.DoubleAdder
import scala.jdk.CollectionConverters._

/**
 * Counters, gauges and histograms in Prometheus' text format. Names and meanings are those of the
 * TypeScript engine.
 */
final class Metrics {
  private final class Family(val kind: String, val help: String) {
    val values = new ConcurrentHashMap[String, DoubleAdder]()
  }
  private val families = new ConcurrentHashMap[String, Family]()

  private def family(name: String, kind: String, help: String): Family = families.computeIfAbsent(name, _ => new Family(kind, help))

  def counter(name: String, help: String): Metrics.Counter = {
    val values = family(name, "counter", help).values
    (labels, amount) => values.computeIfAbsent(name + labels, _ => new DoubleAdder).add(amount)
  }

  def gauge(name: String, help: String): Metrics.Gauge = {
    val values = family(name, "gauge", help).values
    (labels, value) => {
      val cell = new DoubleAdder
      cell.add(value)
      values.put(name + labels, cell)
    }
  }

  def histogram(name: String, help: String, buckets: Double*): Double => Unit = {
    val values = family(name, "histogram", help).values
    def add(key: String, x: Double): Unit = values.computeIfAbsent(key, _ => new DoubleAdder).add(x)
    value => {
      for (le <- buckets) add(s"""${name}_bucket{le="$le"}""", if (value <= le) 1 else 0)
      add(s"""${name}_bucket{le="+Inf"}""", 1)
      add(s"${name}_sum", value)
      add(s"${name}_count", 1)
    }
  }

  def text: String = families.asScala.toSeq.sortBy(_._1).map { case (name, f) =>
    val lines = f.values.asScala.toSeq.sortBy(_._1).map { case (key, cell) => s"$key ${cell.sum()}\n" }
    s"# HELP $name ${f.help}\n# TYPE $name ${f.kind}\n${lines.mkString}"
  }.mkString
}

object Metrics {

  /** labels: such as `{code="bad-json"}`, or empty. */
  trait Counter { def add(labels: String, amount: Double): Unit }
  trait Gauge { def set(labels: String, value: Double): Unit }
}
