/**
 * Values that must be rejected, each with what the error names. The schema rejects them, or the
 * chart does if values are wrong only in combination.
 */

/** values: as --set takes them. says: part of helm's error message. */
export interface WrongValues {
	values: string;
	says: string;
}

export const REFUSED_BY_SCHEMA: WrongValues[] = [
	{ values: "replicas=3", says: "additional properties 'replicas'" },
	{ values: "processor.replica=3", says: "additional properties 'replica'" },
	{ values: "metronome.replicas=2", says: "additional properties 'replicas'" },
	{ values: "processor.replicas=two", says: "/processor/replicas" },
	{ values: "processor.replicas=-1", says: "/processor/replicas" },
	{ values: "processor.engine=rust", says: "/processor/engine" },
	{ values: "metronome.devices=0", says: "/metronome/devices" },
	{ values: "metronome.devices=100001", says: "/metronome/devices" },
	{ values: "metronome.devices[0].id=a", says: "/metronome/devices" },
	{
		values:
			"metronome.devices[0].deviceId=a,metronome.devices[0].volatility=-1",
		says: "/metronome/devices",
	},
	{ values: "image.tag=a b", says: "/image/tag" },
	{ values: "image.pullPolicy=Sometimes", says: "/image/pullPolicy" },
	{ values: "processor.image=untagged", says: "/processor/image" },
	{ values: "stopGraceMs=600001", says: "/stopGraceMs" },
	{ values: "config.FIREWORKS_LOG_LEVEL=loud", says: "FIREWORKS_LOG_LEVEL" },
	{ values: "config.FIREWORKS_PARTITIONS=0", says: "FIREWORKS_PARTITIONS" },
	{ values: "config.FIREWORKS_PARTITIONS=four", says: "FIREWORKS_PARTITIONS" },
	{
		values: "config.FIREWORKS_TOPIC_WIENER=a/b",
		says: "FIREWORKS_TOPIC_WIENER",
	},
	{ values: "config.FIREWORKS_TYPO=1", says: "FIREWORKS_TYPO" },
	{ values: "config.FIREWORKS_HOST=::", says: "FIREWORKS_HOST" },
	{ values: "config.FIREWORKS_BROKERS=a:1", says: "FIREWORKS_BROKERS" },
	{
		values: "config.FIREWORKS_METRONOME_PORT=1",
		says: "FIREWORKS_METRONOME_PORT",
	},
	{
		values: "config.FIREWORKS_MIDDLEWARE_BEARER_TOKEN=secret",
		says: "FIREWORKS_MIDDLEWARE_BEARER_TOKEN",
	},
	{
		values: "config.FIREWORKS_KAFKA_SASL_PASSWORD=secret",
		says: "FIREWORKS_KAFKA_SASL_PASSWORD",
	},
	{ values: "config.FIREWORKS_STATE_DIR=/x", says: "FIREWORKS_STATE_DIR" },
	{ values: "kafka.nodes=2", says: "/kafka/nodes" },
	{ values: "kafka.clusterId=short", says: "/kafka/clusterId" },
	{ values: "kafka.heapMb=64", says: "/kafka/heapMb" },
	{ values: "kafka.persistence.size=8 GB", says: "/kafka/persistence/size" },
	{ values: "kafka.persistence.whenDeleted=Keep", says: "whenDeleted" },
	{ values: "kafka.external.brokers=a:1", says: "/kafka/external/brokers" },
	{
		values: "kafka.external.brokers[0]=nohost",
		says: "/kafka/external/brokers",
	},
	{ values: "kafka.external.tls.ca=x", says: "additional properties 'ca'" },
	{ values: "kafka.external.sasl.mechanism=SCRAM", says: "/sasl/mechanism" },
	{ values: "ingress.controller=traefik", says: "/ingress/controller" },
	{ values: "ingress.host=https://a.example.org", says: "/ingress/host" },
	{
		values: "middleware.origins[0]=a.example.org",
		says: "/middleware/origins",
	},
	{ values: "middleware.proxyHops=11", says: "/middleware/proxyHops" },
	{
		values: "dashboard.websocketUrl=http://a",
		says: "/dashboard/websocketUrl",
	},
	{
		values: "dashboard.service.type=External",
		says: "/dashboard/service/type",
	},
	{
		values: "dashboard.service.nodePort=70000",
		says: "/dashboard/service/nodePort",
	},
	{ values: "processor.resources.limits.cores=1", says: "'cores'" },
	{ values: "processor.resources.limits.memory=1GB", says: "/limits/memory" },
	{ values: "networkPolicy.metricsFrom[0].cidr=10.0.0.0/8", says: "'cidr'" },
	{
		values: "prometheusRule.runbookUrl=runbook.md",
		says: "/prometheusRule/runbookUrl",
	},
	{
		values: "httpRoute.websocketTimeout=forever",
		says: "/httpRoute/websocketTimeout",
	},
	{ values: "priorityClass.value=2000000000", says: "/priorityClass/value" },
];

const EXTERNAL = "kafka.external.brokers[0]=a:1";

export const REFUSED_TOGETHER: WrongValues[] = [
	{ values: "processor.replicas=5", says: "there are 4 partitions" },
	{
		values:
			"processor.autoscaling.enabled=true,processor.autoscaling.maxReplicas=5",
		says: "processor.autoscaling.maxReplicas is 5, and there are 4 partitions",
	},
	{
		values: "processor.keda.enabled=true,config.FIREWORKS_PARTITIONS=3",
		says: "processor.keda.maxReplicas is 4, and there are 3 partitions",
	},
	{
		values: "processor.keda.enabled=true,processor.autoscaling.enabled=true",
		says: "both enabled",
	},
	{
		values:
			"middleware.autoscaling.enabled=true,middleware.autoscaling.minReplicas=20",
		says: "minReplicas is above maxReplicas",
	},
	{ values: "ingress.enabled=true", says: "needs ingress.host" },
	{
		values: "httpRoute.enabled=true,httpRoute.host=a.b",
		says: "httpRoute.parentRefs",
	},
	{ values: "priorityClass.create=true", says: "needs priorityClass.name" },
	{ values: "kafka.external.tls.enabled=true", says: "brokers is empty" },
	{
		values: `${EXTERNAL},kafka.external.sasl.mechanism=scram-sha-256`,
		says: "needs a username",
	},
	{
		values: `${EXTERNAL},kafka.external.sasl.mechanism=scram-sha-256,kafka.external.sasl.username=u`,
		says: "needs existingSecret or password",
	},
	{
		values: `${EXTERNAL},kafka.external.sasl.mechanism=oauthbearer,kafka.external.sasl.password=p`,
		says: "needs oauth.tokenUrl",
	},
	{
		values: `${EXTERNAL},kafka.external.sasl.mechanism=aws-msk-iam`,
		says: "needs awsRegion",
	},
	{
		values: `${EXTERNAL},kafka.external.sasl.mechanism=plain,kafka.external.sasl.username=u,kafka.external.sasl.password=p`,
		says: "in the clear",
	},
];
