package fireworks.contracts

/** Why a record of `metronome` cannot become a step of a path. code: the header `error-code`; message: `error-message`, not yet cut. */
final case class Refused(code: String, message: String)

object Refused {
  val MessageCharactersMax = 1000

  /** By code points, as a pair of surrogates must not be torn. */
  def cut(message: String): String =
    if (message.length <= MessageCharactersMax) message
    else {
      val points = message.codePointCount(0, message.length)
      if (points <= MessageCharactersMax) message else message.substring(0, message.offsetByCodePoints(0, MessageCharactersMax))
    }
}
