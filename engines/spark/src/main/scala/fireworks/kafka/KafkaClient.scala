package fireworks.kafka

import fireworks.service.{EngineError, Settings}

import java.nio.file.{Files, Path}
import java.nio.charset.StandardCharsets.UTF_8

/**
 * The properties of every Kafka client of this engine: brokers, TLS, SASL. For Spark's own clients
 * each name gets the prefix `kafka.`.
 */
object KafkaClient {
  def properties(settings: Settings): Map[String, String] =
    Map("bootstrap.servers" -> settings.list("BROKERS")) ++ security(name => if (Settings.kafkaClientNames.contains(name)) settings.text(name) else "")

  private[kafka] def security(text: String => String): Map[String, String] = {
    val tls = text("KAFKA_TLS") == "true"
    val mechanism = text("KAFKA_SASL_MECHANISM")
    val protocol = (tls, mechanism.nonEmpty) match {
      case (false, false) => "PLAINTEXT"
      case (true, false) => "SSL"
      case (false, true) => "SASL_PLAINTEXT"
      case (true, true) => "SASL_SSL"
    }
    Map("security.protocol" -> protocol) ++ (if (tls) tlsProperties(text) else Map.empty) ++ (if (mechanism.nonEmpty) sasl(mechanism, text) else Map.empty)
  }

  /** The TLS properties. They contain the PEM texts of the files. */
  private def tlsProperties(text: String => String): Map[String, String] = {
    val ca = file(text("KAFKA_TLS_CA_FILE")).map(pem => Map("ssl.truststore.type" -> "PEM", "ssl.truststore.certificates" -> pem))
    val own = for (chain <- file(text("KAFKA_TLS_CERT_FILE")); key <- file(text("KAFKA_TLS_KEY_FILE")))
      yield Map("ssl.keystore.type" -> "PEM", "ssl.keystore.certificate.chain" -> chain, "ssl.keystore.key" -> key)
    ca.getOrElse(Map.empty) ++ own.getOrElse(Map.empty)
  }

  private def sasl(mechanism: String, text: String => String): Map[String, String] = {
    def secret(name: String) = file(text(name + "_FILE")).map(_.stripLineEnd).getOrElse(text(name))
    val common = "org.apache.kafka.common.security"
    mechanism match {
      case "plain" | "scram-sha-256" | "scram-sha-512" =>
        val module = if (mechanism == "plain") "plain.PlainLoginModule" else "scram.ScramLoginModule"
        Map("sasl.mechanism" -> mechanism.toUpperCase,
          "sasl.jaas.config" -> jaas(s"$common.$module", "username" -> text("KAFKA_SASL_USERNAME"), "password" -> secret("KAFKA_SASL_PASSWORD")))
      case "oauthbearer" =>
        val scope = Option(text("KAFKA_OAUTH_SCOPE")).filter(_.nonEmpty).map("scope" -> _)
        val login = Seq("clientId" -> text("KAFKA_OAUTH_CLIENT_ID"), "clientSecret" -> secret("KAFKA_OAUTH_CLIENT_SECRET")) ++ scope
        Map("sasl.mechanism" -> "OAUTHBEARER", "sasl.oauthbearer.token.endpoint.url" -> text("KAFKA_OAUTH_TOKEN_URL"),
          "sasl.login.callback.handler.class" -> s"$common.oauthbearer.secured.OAuthBearerLoginCallbackHandler",
          "sasl.jaas.config" -> jaas(s"$common.oauthbearer.OAuthBearerLoginModule", login: _*))
      case "aws-msk-iam" =>
        val login = "software.amazon.msk.auth.iam"
        try Class.forName(s"$login.IAMLoginModule", false, Thread.currentThread.getContextClassLoader)
        catch {
          case e: ClassNotFoundException =>
            throw EngineError.config("not-supported", "aws-msk-iam needs software.amazon.msk:aws-msk-iam-auth (its -all jar) next to Spark's jars", e)
        }
        Map("sasl.mechanism" -> "AWS_MSK_IAM", "sasl.jaas.config" -> s"$login.IAMLoginModule required;",
          "sasl.client.callback.handler.class" -> s"$login.IAMClientCallbackHandler")
    }
  }

  private def jaas(module: String, options: (String, String)*): String =
    options.map { case (k, v) => s"""$k="${v.replace("\\", "\\\\").replace("\"", "\\\"")}"""" }.mkString(s"$module required ", " ", ";")

  private def file(path: String): Option[String] = Option(path).filter(_.nonEmpty).map(p => Files.readString(Path.of(p), UTF_8))
}
