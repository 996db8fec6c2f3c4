package fireworks.contracts

import com.fasterxml.jackson.core.{JsonFactory, JsonFactoryBuilder, JsonParser, JsonProcessingException, JsonToken, StreamReadConstraints}

/**
 * Parses the fields of a tick in a JSON text, with the results of JSON.parse: it is strict, the
 * last of several fields with the same name counts, and numbers are doubles. It reads the text as a
 * stream, since the processor spends most of its time here.
 */
object TickJson {

  /** The fields. None if a field is absent or of another type. */
  final class Fields {
    var deviceId: Option[String] = None
    var seq, timestamp, drift, volatility: Option[Double] = None
  }

  // The contract's only limit is the size of the record.
  private val factory = {
    val unlimited = StreamReadConstraints.builder().maxNestingDepth(Int.MaxValue).maxNumberLength(Int.MaxValue)
      .maxStringLength(Int.MaxValue).maxNameLength(Int.MaxValue).build()
    // Senders can use any field names. Jackson must not keep them in a table forever.
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
        // Read the whole text: an invalid escape in it makes the tick invalid.
        case _ => if (token == JsonToken.VALUE_STRING) parser.finishToken()
      }
      if (token.isStructStart) parser.skipChildren()
    }

  // Parsed from the text to the nearest double, because Jackson refuses integers of 400 digits.
  private def number(parser: JsonParser, token: JsonToken): Option[Double] =
    if (token.isNumeric) Some(java.lang.Double.parseDouble(parser.getText)) else None
}
