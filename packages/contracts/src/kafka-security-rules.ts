/**
 * Which Kafka security settings can be combined. A client would ignore half a configuration (a user
 * without a mechanism, a certificate without its key), or the broker would reject it with an error
 * that names neither. So it is an error at startup.
 */
import type { SaslMechanism } from "./settings/kafka-security.ts";

/** The text of a setting, or "" if it is absent. */
export type TextOf<N extends string> = (name: N) => string;
/** Reports a wrong setting and what it should be. */
export interface RuleProblem<N extends string> {
	name: N;
	expected: string;
}

type Name =
	| "kafkaTls"
	| "kafkaTlsCaFile"
	| "kafkaTlsCertFile"
	| "kafkaTlsKeyFile"
	| "kafkaTlsServerName"
	| "kafkaSaslMechanism"
	| "kafkaSaslUsername"
	| "kafkaSaslPassword"
	| "kafkaSaslPasswordFile"
	| "kafkaOauthTokenUrl"
	| "kafkaOauthClientId"
	| "kafkaOauthClientSecret"
	| "kafkaOauthClientSecretFile"
	| "kafkaOauthScope"
	| "kafkaAwsRegion";

/** A secret, or the file that contains it: exactly one of the two. */
type Secret = readonly [value: Name, file: Name];

const PASSWORD: Secret = ["kafkaSaslPassword", "kafkaSaslPasswordFile"];
const CLIENT_SECRET: Secret = [
	"kafkaOauthClientSecret",
	"kafkaOauthClientSecretFile",
];
const TLS_DETAILS = [
	"kafkaTlsCaFile",
	"kafkaTlsCertFile",
	"kafkaTlsKeyFile",
	"kafkaTlsServerName",
] as const;

interface Needs {
	all: readonly Name[];
	secret?: Secret;
	optional?: readonly Name[];
}
const USER: Needs = { all: ["kafkaSaslUsername"], secret: PASSWORD };
/** The settings of each mechanism. Any other SASL setting together with it is a mistake. */
const MECHANISMS: Readonly<Record<SaslMechanism, Needs>> = {
	plain: USER,
	"scram-sha-256": USER,
	"scram-sha-512": USER,
	oauthbearer: {
		all: ["kafkaOauthTokenUrl", "kafkaOauthClientId"],
		secret: CLIENT_SECRET,
		optional: ["kafkaOauthScope"],
	},
	"aws-msk-iam": { all: ["kafkaAwsRegion"] },
};
const SASL_DETAILS: readonly Name[] = [
	"kafkaSaslUsername",
	...PASSWORD,
	"kafkaOauthTokenUrl",
	"kafkaOauthClientId",
	...CLIENT_SECRET,
	"kafkaOauthScope",
	"kafkaAwsRegion",
];

/**
 * All problems; empty if the settings fit together. variable: gives a setting's variable name for
 * the messages.
 */
export function kafkaSecurityProblems(
	text: TextOf<Name>,
	variable: (name: Name) => string,
): RuleProblem<Name>[] {
	const problems: RuleProblem<Name>[] = [];
	const say = (name: Name, expected: string) =>
		problems.push({ name, expected });
	const set = (name: Name) => text(name) !== "";

	const tls = text("kafkaTls") === "true";
	if (!tls)
		for (const name of TLS_DETAILS.filter(set))
			say(name, `nothing, or ${variable("kafkaTls")}=true as well`);
	for (const [one, other] of [
		["kafkaTlsCertFile", "kafkaTlsKeyFile"],
		["kafkaTlsKeyFile", "kafkaTlsCertFile"],
	] as const)
		if (!set(one) && set(other))
			say(one, `a file: ${variable(other)} is of no use without it`);

	const mechanism = text("kafkaSaslMechanism");
	const needs = MECHANISMS[mechanism as SaslMechanism] as Needs | undefined;
	// An unknown mechanism has already been reported.
	if (mechanism !== "" && needs === undefined) return problems;
	const expected = new Set<Name>(
		needs && [...needs.all, ...(needs.secret ?? []), ...(needs.optional ?? [])],
	);
	for (const name of SASL_DETAILS.filter(set))
		if (!expected.has(name))
			say(
				name,
				`nothing, or ${variable("kafkaSaslMechanism")}=${mechanismsOf(name).join(" or ")} as well`,
			);
	for (const name of needs?.all ?? [])
		if (!set(name)) say(name, `a value: ${mechanism} needs it`);
	if (needs?.secret !== undefined) {
		const [value, file] = needs.secret;
		if (!set(value) && !set(file))
			say(value, `a value, or ${variable(file)}: ${mechanism} needs it`);
	}
	if (mechanism === "aws-msk-iam" && !tls)
		say("kafkaTls", "true: MSK takes IAM by TLS only");
	return problems;
}

const mechanismsOf = (name: Name): string[] =>
	Object.entries(MECHANISMS)
		.filter(([, { all, secret = [], optional = [] }]) =>
			[...all, ...secret, ...optional].includes(name),
		)
		.map(([mechanism]) => mechanism);
