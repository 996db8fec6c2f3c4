package fireworks.service

import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.databind.node.ObjectNode

import java.io.{PrintWriter, StringWriter}
import java.time.Instant
import java.time.temporal.ChronoUnit

/**
 * Logs: JSON lines on stdout, in the other services' format. Spark's own logs have it as well
 * (log4j2.properties).
 */
final class Log(service: String, level: String) {
  private val mapper = new ObjectMapper()
  private val least = Log.Levels.indexOf(level)

  def debug(message: String, fields: (String, Any)*): Unit = write("debug", message, fields)
  def info(message: String, fields: (String, Any)*): Unit = write("info", message, fields)
  def warn(message: String, fields: (String, Any)*): Unit = write("warn", message, fields)
  def error(message: String, fields: (String, Any)*): Unit = write("error", message, fields)

  def fatal(message: String, error: Option[Throwable], fields: (String, Any)*): Unit = {
    val stack = error.map { e =>
      val text = new StringWriter()
      e.printStackTrace(new PrintWriter(text, true))
      "err" -> text.toString
    }
    write("fatal", message, fields ++ stack)
  }

  /** Logs every wrong setting, one per line. */
  def problems(problems: Seq[Problem]): Unit = {
    for (p <- problems) fatal("wrong setting", None, "setting" -> p.name, "value" -> p.value.orNull, "expected" -> p.expected)
    fatal("not started: the settings are wrong", None, "problems" -> problems.size)
  }

  private def write(word: String, message: String, fields: Seq[(String, Any)]): Unit =
    if (Log.Levels.indexOf(word) >= least) {
      val line = mapper.createObjectNode()
      line.put("level", word).put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString).put("service", service)
      fields.foreach { case (name, value) => put(line, name, value) }
      line.put("msg", message)
      // One call per line, so that lines of several threads do not mix.
      System.out.print(line.toString + "\n")
      System.out.flush()
    }

  private def put(line: ObjectNode, name: String, value: Any): Unit = value match {
    case null => line.putNull(name)
    case x: Int => line.put(name, x)
    case x: Long => line.put(name, x)
    case x: Double => line.put(name, x)
    case x: Boolean => line.put(name, x)
    case x => line.put(name, x.toString)
  }
}

object Log {
  private val Levels = Seq("trace", "debug", "info", "warn", "error", "fatal")
}
