/**
 * The broker's logging: everything goes to stdout, where the supervisor reads it. Frequent messages
 * that never help are left out.
 */
export const LOG4J2_CONFIG = `status=error
appender.stdout.type=Console
appender.stdout.name=STDOUT
appender.stdout.layout.type=PatternLayout
appender.stdout.layout.pattern=%d{ISO8601} %p %m (%c{1})%n
rootLogger.level=info
rootLogger.appenderRef.stdout.ref=STDOUT
# Each prints all 300 settings at every start, and ours are in server.properties.
logger.config.name=org.apache.kafka.common.config.AbstractConfig
logger.config.level=warn
logger.kafkaConfig.name=kafka.server.KafkaConfig
logger.kafkaConfig.level=warn
logger.state.name=state.change.logger
logger.state.level=warn
`;
