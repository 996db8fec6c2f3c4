package fireworks.contracts

/**
 * The reason why a record of `metronome` cannot become a step of a path. code: for the header
 * `error-code`; message: for the header `error-message`, not yet shortened.
 */
final case class Refused(code: String, message: String)

object Refused {
  val MessageCharactersMax = 1000

  /** Shortens a message. It counts code points, so that it does not split a surrogate pair. */
  def cut(message: String): String =
    if (message.length <= MessageCharactersMax) message
    else {
      val points = message.codePointCount(0, message.length)
      if (points <= MessageCharactersMax) message else message.substring(0, message.offsetByCodePoints(0, MessageCharactersMax))
    }
}
