package fireworks.service

import java.util.concurrent.TimeUnit

/** The main of a service: settings, signals, health, and an orderly end with an exit code. */
object Service {
  val CommonNames: Seq[String] = Seq("BROKERS", "HOST", "LOG_LEVEL", "STOP_GRACE_MS", "PARTITIONS", "REPLICATION_FACTOR", "RETENTION_MS",
    "TOPIC_METRONOME", "TOPIC_WIENER", "TOPIC_PROCESSOR_CHANGELOG", "TOPIC_METRONOME_CHANGELOG", "TOPIC_DEAD_LETTER")

  /** Ends the process. run: the service's life, given what was checked. */
  def main(name: String, names: Seq[String])(run: (Settings, Log) => Unit): Unit = {
    val code = Settings.parse(sys.env, CommonNames ++ names ++ Settings.kafkaClientNames) match {
      case Left(problems) =>
        new Log(name, "info").problems(problems)
        Exit.Config
      case Right(settings) =>
        val log = new Log(name, settings.text("LOG_LEVEL"))
        try {
          run(settings, log)
          log.info("stopped in order")
          Exit.Ok
        } catch { case e: Throwable => explain(log, e) }
    }
    // Not exit: Spark's own hooks wait for what is of no more use.
    System.out.flush()
    Runtime.getRuntime.halt(code)
  }

  def explain(log: Log, error: Throwable): Int = {
    val code = EngineError.in(error).flatMap(_.exitCode)
    val message = EngineError.in(error).map(_.getMessage).getOrElse("failed")
    log.fatal(message, Some(error), "exitCode" -> code.getOrElse(Exit.Failure))
    code.getOrElse(Exit.Failure)
  }

  /** stop: asked for by SIGTERM or SIGINT, once. After the grace time the process ends anyway, which is safe: it may be killed at any moment. */
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
