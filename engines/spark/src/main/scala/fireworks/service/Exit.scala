package fireworks.service

/** How a service ends, for whoever restarts it: packages/contracts/src/exit-codes.ts. */
object Exit {
  val Ok = 0
  val Failure = 1
  val Fenced = 75
  val Config = 78
}

/**
 * A trouble with a name, as StreamsError is in TypeScript. exitCode: of the process, where another try mends nothing; None: it is tried again.
 */
final class EngineError(val code: String, message: String, val exitCode: Option[Int], cause: Throwable = null) extends RuntimeException(message, cause)

object EngineError {
  def config(code: String, message: String, cause: Throwable = null) = new EngineError(code, message, Some(Exit.Config), cause)
  def fenced(message: String, cause: Throwable = null) = new EngineError("fenced", message, None, cause)

  /** Another owner has taken over, and has said so: to go on would fence it in turn. */
  def superseded(message: String) = new EngineError("superseded", message, Some(Exit.Fenced))

  /** The named trouble in what Spark wraps around it. */
  def in(error: Throwable): Option[EngineError] =
    Iterator.iterate(error)(_.getCause).takeWhile(_ != null).take(50).collectFirst { case e: EngineError => e }
}
