package fireworks.service

/**
 * Which of the Kafka security settings may stand beside which: packages/contracts/src/kafka-security-rules.ts. Half a configuration (a user without a
 * mechanism, a certificate without its key) would be ignored, or fail at the broker with an error that names neither: so it is an error at the start.
 */
object KafkaSecurity {

  /** secret: one of the two, the value or the file of it. */
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

  /** Each setting that is wrong, and what it should be. text: of a setting, empty where it is absent. */
  def problems(text: String => String): Seq[(String, String)] = {
    def set(name: String) = text(name).nonEmpty
    val tls = text("KAFKA_TLS") == "true"
    val details =
      if (!tls) TlsDetails.filter(set).map(_ -> s"nothing, or ${Settings.Prefix}KAFKA_TLS=true beside it")
      else Seq("KAFKA_TLS_SERVER_NAME").filter(set).map(_ -> "nothing: Java's client holds a certificate against the address it connects to")
    val halves = Seq(Pair, Pair.reverse).collect { case Seq(one, other) if set(other) && !set(one) => one -> s"a file: ${Settings.Prefix}$other is of no use without it" }
    details ++ halves ++ sasl(set, text("KAFKA_SASL_MECHANISM"), tls)
  }

  private def sasl(set: String => Boolean, mechanism: String, tls: Boolean): Seq[(String, String)] = Mechanisms.find(_._1 == mechanism).map(_._2) match {
    case None if mechanism.nonEmpty => Seq.empty // told already
    case found =>
      val needs = found.getOrElse(Needs(Seq.empty))
      val foreign = SaslDetails.filter(name => set(name) && !needs.known.contains(name)).map { name =>
        val wanted = Mechanisms.collect { case (word, of) if of.known.contains(name) => word }.mkString(" or ")
        name -> s"nothing, or ${Settings.Prefix}KAFKA_SASL_MECHANISM=$wanted beside it"
      }
      val absent = needs.all.filterNot(set).map(_ -> s"a value: $mechanism needs it")
      val secret = needs.secret.headOption.filterNot(_ => needs.secret.exists(set)).map(_ -> s"a value, or ${Settings.Prefix}${needs.secret.last}: $mechanism needs it")
      val plain = Option.when(mechanism == "aws-msk-iam" && !tls)("KAFKA_TLS" -> "true: MSK takes IAM by TLS only")
      foreign ++ absent ++ secret ++ plain
  }
}
