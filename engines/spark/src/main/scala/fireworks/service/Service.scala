package fireworks.service

import java.util.concurrent.TimeUnit

/** The main program of a service: settings, signals, and an orderly end with an exit code. */
object Service {
  val CommonNames: Seq[String] = Seq("BROKERS", "HOST", "LOG_LEVEL", "STOP_GRACE_MS", "PARTITIONS", "REPLICATION_FACTOR", "RETENTION_MS", "TOPIC_CONFIGS",
    "TOPIC_METRONOME", "TOPIC_WIENER", "TOPIC_PROCESSOR_CHANGELOG", "TOPIC_METRONOME_CHANGELOG", "TOPIC_DEAD_LETTER")

  /** Checks the settings, calls `run` with them, and ends the process. */
  def main(name: String, names: Seq[String])(run: (Settings, Log) => Unit): Unit = {
    val code = Settings.parse(sys.env, CommonNames ++ names ++ Settings.kafkaClientNames) match {
      case Left(problems) =>
        new Log(name, "info").problems(problems)
        Exit.Config
      case Right(settings) =>
        val log = new Log(name, settings.text("LOG_LEVEL"))
        Settings.unknownVariables(sys.env.keys).warnings.foreach(log.warn(_))
        try {
          run(settings, log)
          log.info("stopped in order")
          Exit.Ok
        } catch { case e: Throwable => explain(log, e) }
    }
    // Not exit: Spark's shutdown hooks would wait for things that are no longer needed.
    System.out.flush()
    Runtime.getRuntime.halt(code)
  }

  def explain(log: Log, error: Throwable): Int = {
    val code = EngineError.in(error).flatMap(_.exitCode)
    val message = EngineError.in(error).map(_.getMessage).getOrElse("failed")
    log.fatal(message, Some(error), "exitCode" -> code.getOrElse(Exit.Failure))
    code.getOrElse(Exit.Failure)
  }

  /**
   * Calls `stop` at SIGTERM or SIGINT. After the grace time the process ends anyway. That is safe:
   * it may be killed at any moment.
   */
  def onSignals(log: Log, graceMs: Long)(stop: () => Unit): Unit =
    for (name <- Seq("TERM", "INT"))
      sun.misc.Signal.handle(new sun.misc.Signal(name), _ => {
        log.info("stopping", "signal" -> s"SIG$name", "graceMs" -> graceMs)
        stop()
        val late = new Thread(() => {
          TimeUnit.MILLISECONDS.sleep(graceMs)
          log.error("not stopped within the grace time: ending anyway", "graceMs" -> graceMs)
          Runtime.getRuntime.halt(Exit.Failure)
        }, "grace")
        late.setDaemon(true)
        late.start()
      })
}
