/**
 * Which settings the chart's `config` map takes: those of the catalogue that the services read, but for those that the chart sets itself.
 */
import { SETTINGS, type SettingName, variableOf } from "@fireworks/contracts";
import { settingsCatalogue } from "../settings-catalogue.ts";

/** Settings that other values of the chart set, by the value to use instead; nothing: the pods need this one as it is. */
export const SET_BY_VALUE: Partial<Record<SettingName, string>> = {
	brokers: "kafka.external.brokers",
	host: "",
	stopGraceMs: "stopGraceMs",
	engine: "processor.engine",
	metronomePort: "",
	metronomeDevices: "metronome.devices",
	metronomeDevicesFile: "metronome.devices",
	processorPort: "",
	sparkMaster: "processor.spark",
	sparkHeapMb: "processor.spark.driverMemory",
	sparkCheckpointDir: "processor.spark.checkpoints",
	middlewarePort: "",
	middlewareOrigins: "middleware.origins",
	middlewareProxyHops: "middleware.proxyHops",
	middlewareEngine: "processor.engine",
	middlewareBearerToken: "middleware.auth",
	middlewareBearerTokenFile: "middleware.auth",
	middlewareTicketSecret: "middleware.auth",
	middlewareTicketSecretFile: "middleware.auth",
	dashboardPort: "",
	dashboardWebsocketUrl: "dashboard.websocketUrl",
	kafkaTls: "kafka.external.tls.enabled",
	kafkaTlsCaFile: "kafka.external.tls.caSecret",
	kafkaTlsCertFile: "kafka.external.tls.clientSecret",
	kafkaTlsKeyFile: "kafka.external.tls.clientSecret",
	kafkaTlsServerName: "kafka.external.tls.serverName",
	kafkaSaslMechanism: "kafka.external.sasl.mechanism",
	kafkaSaslUsername: "kafka.external.sasl.username",
	kafkaSaslPassword: "kafka.external.sasl",
	kafkaSaslPasswordFile: "kafka.external.sasl",
	kafkaOauthTokenUrl: "kafka.external.sasl.oauth",
	kafkaOauthClientId: "kafka.external.sasl.oauth",
	kafkaOauthClientSecret: "kafka.external.sasl",
	kafkaOauthClientSecretFile: "kafka.external.sasl",
	kafkaOauthScope: "kafka.external.sasl.oauth",
	kafkaAwsRegion: "kafka.external.sasl.awsRegion",
};

/** Settings by the beginning of their name or their name that no pod reads: of the command, the local system and the image builds. Of the rest `config` takes those that are here. */
const IN_PODS = [
	"logLevel",
	"seed",
	"partitions",
	"replicationFactor",
	"retentionMs",
	"auditWaitMs",
] as const satisfies readonly SettingName[];
const OF_PARTS = /^(topic|metronome|processor|middleware|dashboard)[A-Z]/;

/** The variables that `config` takes, in the catalogue's order. */
export const configVariables = (): string[] =>
	(Object.keys(SETTINGS) as SettingName[])
		.filter(
			(name) =>
				!(name in SET_BY_VALUE) &&
				(OF_PARTS.test(name) || (IN_PODS as readonly string[]).includes(name)),
		)
		.map(variableOf);

/** JSON Schema of `config`. */
export function configSchema(): object {
	const catalogue = JSON.parse(settingsCatalogue()) as Record<string, Check>;
	return {
		type: "object",
		description:
			"Settings of docs/settings.md by variable; those that other values set are refused",
		additionalProperties: false,
		properties: Object.fromEntries(
			configVariables().map((variable) => [
				variable,
				schemaOf(catalogue[variable] as Check),
			]),
		),
	};
}

type Check =
	| { kind: "integer"; low: number; high: number }
	| { kind: "text"; pattern: string }
	| { kind: "choice"; choices: string[] }
	| { kind: "list" | "any" | "other" };

function schemaOf(check: Check): object {
	switch (check.kind) {
		case "integer":
			// A number, or its digits: the services check the bounds of the latter.
			return {
				anyOf: [
					{ type: "integer", minimum: check.low, maximum: check.high },
					{ type: "string", pattern: "^-?[0-9]{1,16}$" },
				],
			};
		case "text":
			return { type: "string", pattern: check.pattern };
		case "choice":
			return { type: "string", enum: check.choices };
		default:
			return { type: "string" };
	}
}
