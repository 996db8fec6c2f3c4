package fireworks.kafka

import fireworks.service.{EngineError, Settings}
import org.apache.kafka.common.errors.{AuthenticationException, SslAuthenticationException}

/**
 * Detects that Kafka, or the token server, rejects our credentials or certificate. A restart does
 * not help: the settings, certificates or users have to change
 * (packages/streams/src/kafka/security/access-refused.ts).
 */
final class AccessRefused(settings: Settings) {
  private val brokers = settings.list("BROKERS")
  private val mechanism = settings.text("KAFKA_SASL_MECHANISM")

  /** How we identify ourselves to Kafka, without secrets. */
  private val identity = mechanism match {
    case "" => "a client without SASL"
    case "oauthbearer" => s"""the client "${settings.text("KAFKA_OAUTH_CLIENT_ID")}" (SASL OAUTHBEARER)"""
    case "aws-msk-iam" => "this pod's AWS identity (SASL aws-msk-iam)"
    case _ => s"""the user "${settings.text("KAFKA_SASL_USERNAME")}" (SASL ${mechanism.toUpperCase})"""
  }

  /** The refusal that an error contains. Any other error is returned unchanged. */
  def named(error: Throwable): Throwable =
    Iterator.iterate(error)(_.getCause).takeWhile(_ != null).take(50).collectFirst {
      case e: SslAuthenticationException => refused(s"the TLS connection to Kafka at $brokers failed: ${e.getMessage}${because(e)}", error)
      case e: AuthenticationException => refused(s"Kafka at $brokers refused $identity: ${e.getMessage}", error)
    }.getOrElse(error)

  private def refused(message: String, cause: Throwable) = EngineError.config("access-refused", message, cause)

  private def because(e: Throwable): String = Option(e.getCause).flatMap(c => Option(c.getMessage)).fold("")(m => s" ($m)")
}
