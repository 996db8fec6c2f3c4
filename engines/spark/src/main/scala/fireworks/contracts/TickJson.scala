package fireworks.contracts

import com.fasterxml.jackson.core.{JsonFactory, JsonFactoryBuilder, JsonParser, JsonProcessingException, JsonToken, StreamReadConstraints}

/**
 * The fields of a tick in a JSON text, as JSON.parse would give them: strict, of a name that comes twice the last one holds, numbers are
 * doubles. Read as a stream, since most of the processor's time is here.
 */
object TickJson {

  /** None: absent, or of another type. */
  final class Fields {
    var deviceId: Option[String] = None
    var seq, timestamp, drift, volatility: Option[Double] = None
  }

  // The contract knows no limits but the record's own size.
  private val factory = {
    val unlimited = StreamReadConstraints.builder().maxNestingDepth(Int.MaxValue).maxNumberLength(Int.MaxValue)
      .maxStringLength(Int.MaxValue).maxNameLength(Int.MaxValue).build()
    // Names are anybody's: they must not stay in a table for ever.
    new JsonFactoryBuilder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).streamReadConstraints(unlimited).build()
  }

  def fields(text: String): Either[Refused, Fields] =
    try {
      val parser = factory.createParser(text)
      try {
        val isObject = parser.nextToken() == JsonToken.START_OBJECT
        val fields = new Fields
        if (isObject) readObject(parser, fields) else parser.skipChildren()
        if (parser.nextToken() != null) Left(Refused("bad-json", "there is more after the JSON value"))
        else if (!isObject) Left(Refused("bad-json", "the value is not a JSON object"))
        else Right(fields)
      } finally parser.close()
    } catch { case e: JsonProcessingException => Left(Refused("bad-json", e.getOriginalMessage)) }

  private def readObject(parser: JsonParser, fields: Fields): Unit =
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      val name = parser.currentName()
      val token = parser.nextToken()
      name match {
        case "deviceId" => fields.deviceId = if (token == JsonToken.VALUE_STRING) Some(parser.getText) else None
        case "seq" => fields.seq = number(parser, token)
        case "timestamp" => fields.timestamp = number(parser, token)
        case "drift" => fields.drift = number(parser, token)
        case "volatility" => fields.volatility = number(parser, token)
        case _ => if (token == JsonToken.VALUE_STRING) parser.finishToken() // an escape in it may be wrong
      }
      if (token.isStructStart) parser.skipChildren()
    }

  // From the text: Jackson would refuse to make a long of 400 digits, and the nearest double is what is wanted.
  private def number(parser: JsonParser, token: JsonToken): Option[Double] =
    if (token.isNumeric) Some(java.lang.Double.parseDouble(parser.getText)) else None
}
