package fireworks.service

/** The exit codes, for the supervisor that restarts us: packages/contracts/src/exit-codes.ts. */
object Exit {
  val Ok = 0
  val Failure = 1
  val Fenced = 75
  val Config = 78
}

/**
 * An error with a code, as StreamsError is in TypeScript. exitCode: the exit code of the process if
 * the error is unrecoverable; None if the engine tries again.
 */
final class EngineError(val code: String, message: String, val exitCode: Option[Int], cause: Throwable = null) extends RuntimeException(message, cause)

object EngineError {
  def config(code: String, message: String, cause: Throwable = null) = new EngineError(code, message, Some(Exit.Config), cause)
  def fenced(message: String, cause: Throwable = null) = new EngineError("fenced", message, None, cause)

  /** Another owner has taken over and has written its barrier. Going on would fence that owner. */
  def superseded(message: String) = new EngineError("superseded", message, Some(Exit.Fenced))

  /** The EngineError that Spark has wrapped in other errors. */
  def in(error: Throwable): Option[EngineError] =
    Iterator.iterate(error)(_.getCause).takeWhile(_ != null).take(50).collectFirst { case e: EngineError => e }
}
