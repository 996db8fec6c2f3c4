package fireworks.service

/**
 * Checks which Kafka security settings may be set together. The client would ignore half a
 * configuration (a user without a mechanism, a certificate without its key), or the broker would
 * reject it with an error that names neither setting. So it is an error at the start. The rules are
 * those of packages/contracts/src/kafka-security-rules.ts.
 */
object KafkaSecurity {

  /** The settings of a mechanism. secret: two settings, the value or its file; one is needed. */
  private final case class Needs(all: Seq[String], secret: Seq[String] = Seq.empty, optional: Seq[String] = Seq.empty) {
    val known: Seq[String] = all ++ secret ++ optional
  }

  private val User = Needs(Seq("KAFKA_SASL_USERNAME"), Seq("KAFKA_SASL_PASSWORD", "KAFKA_SASL_PASSWORD_FILE"))
  private val Mechanisms = Seq(
    "plain" -> User,
    "scram-sha-256" -> User,
    "scram-sha-512" -> User,
    "oauthbearer" -> Needs(Seq("KAFKA_OAUTH_TOKEN_URL", "KAFKA_OAUTH_CLIENT_ID"), Seq("KAFKA_OAUTH_CLIENT_SECRET", "KAFKA_OAUTH_CLIENT_SECRET_FILE"), Seq("KAFKA_OAUTH_SCOPE")),
    "aws-msk-iam" -> Needs(Seq("KAFKA_AWS_REGION")))
  private val TlsDetails = Seq("KAFKA_TLS_CA_FILE", "KAFKA_TLS_CERT_FILE", "KAFKA_TLS_KEY_FILE", "KAFKA_TLS_SERVER_NAME")
  private val Pair = Seq("KAFKA_TLS_CERT_FILE", "KAFKA_TLS_KEY_FILE")
  private val SaslDetails = Mechanisms.flatMap(_._2.known).distinct

  /**
   * Each wrong setting, and what was expected. text: returns the text of a setting, empty if it is
   * not set.
   */
  def problems(text: String => String): Seq[(String, String)] = {
    def set(name: String) = text(name).nonEmpty
    val tls = text("KAFKA_TLS") == "true"
    val details =
      if (!tls) TlsDetails.filter(set).map(_ -> s"nothing, or ${Settings.Prefix}KAFKA_TLS=true as well")
      else Seq("KAFKA_TLS_SERVER_NAME").filter(set).map(_ -> "nothing: Java's client checks a certificate against the address it connects to")
    val halves = Seq(Pair, Pair.reverse).collect { case Seq(one, other) if set(other) && !set(one) => one -> s"a file: ${Settings.Prefix}$other is of no use without it" }
    details ++ halves ++ sasl(set, text("KAFKA_SASL_MECHANISM"), tls)
  }

  private def sasl(set: String => Boolean, mechanism: String, tls: Boolean): Seq[(String, String)] = Mechanisms.find(_._1 == mechanism).map(_._2) match {
    case None if mechanism.nonEmpty => Seq.empty // already reported
    case found =>
      val needs = found.getOrElse(Needs(Seq.empty))
      val foreign = SaslDetails.filter(name => set(name) && !needs.known.contains(name)).map { name =>
        val wanted = Mechanisms.collect { case (word, of) if of.known.contains(name) => word }.mkString(" or ")
        name -> s"nothing, or ${Settings.Prefix}KAFKA_SASL_MECHANISM=$wanted as well"
      }
      val absent = needs.all.filterNot(set).map(_ -> s"a value: $mechanism needs it")
      val secret = needs.secret.headOption.filterNot(_ => needs.secret.exists(set)).map(_ -> s"a value, or ${Settings.Prefix}${needs.secret.last}: $mechanism needs it")
      val plain = Option.when(mechanism == "aws-msk-iam" && !tls)("KAFKA_TLS" -> "true: MSK takes IAM by TLS only")
      foreign ++ absent ++ secret ++ plain
  }
}
