/** Which settings of a Kafka connection can be combined. The error messages show no secret. */
import { expect, test } from "vitest";
import {
	type Environment,
	KAFKA_SETTINGS,
	parseSettings,
	type SettingProblem,
	SettingsError,
} from "../src/index.ts";

const P = "FIREWORKS_KAFKA_";
const env = (variables: Record<string, string>): Environment =>
	Object.fromEntries(Object.entries(variables).map(([k, v]) => [P + k, v]));

function problems(
	variables: Record<string, string>,
	unreadable?: (path: string) => string | undefined,
): readonly SettingProblem[] {
	try {
		parseSettings(env(variables), KAFKA_SETTINGS, unreadable);
		return [];
	} catch (error) {
		return (error as SettingsError).problems;
	}
}
/** The names of the wrong settings, without their prefix. */
const wrong = (variables: Record<string, string>): string[] =>
	problems(variables).map(({ name }) => name.slice(P.length));

const USER = {
	SASL_MECHANISM: "scram-sha-512",
	SASL_USERNAME: "u",
	SASL_PASSWORD: "p",
};
const CLIENT = {
	SASL_MECHANISM: "oauthbearer",
	OAUTH_TOKEN_URL: "https://idp.example.org/token",
	OAUTH_CLIENT_ID: "c",
	OAUTH_CLIENT_SECRET_FILE: "/run/secret",
};

test("nothing set: no TLS, no SASL", () => {
	expect(parseSettings({}, KAFKA_SETTINGS)).toMatchObject({
		kafkaTls: false,
		kafkaSaslMechanism: "",
	});
});

test.each([
	USER,
	{ ...USER, SASL_MECHANISM: "plain" },
	{ ...USER, SASL_PASSWORD: "", SASL_PASSWORD_FILE: "/f" },
	CLIENT,
	{ ...CLIENT, OAUTH_SCOPE: "kafka" },
	{ TLS: "true", SASL_MECHANISM: "aws-msk-iam", AWS_REGION: "eu-central-1" },
	{ TLS: "true", TLS_CA_FILE: "/ca", TLS_SERVER_NAME: "kafka" },
	{ TLS: "true", TLS_CERT_FILE: "/cert", TLS_KEY_FILE: "/key" },
])("a valid combination: %j", (variables: Record<string, string>) => {
	expect(problems(variables)).toEqual([]);
});

test.each<[Record<string, string>, string[]]>([
	[{ SASL_MECHANISM: "plain" }, ["SASL_USERNAME", "SASL_PASSWORD"]],
	[{ ...USER, SASL_PASSWORD_FILE: "/f" }, ["SASL_PASSWORD_FILE"]],
	[{ ...USER, SASL_MECHANISM: "" }, ["SASL_USERNAME", "SASL_PASSWORD"]],
	[{ ...USER, SASL_MECHANISM: "gssapi" }, ["SASL_MECHANISM"]],
	[
		{ ...USER, OAUTH_SCOPE: "x", AWS_REGION: "eu-west-1" },
		["OAUTH_SCOPE", "AWS_REGION"],
	],
	[{ ...CLIENT, SASL_USERNAME: "u" }, ["SASL_USERNAME"]],
	[
		{ SASL_MECHANISM: "oauthbearer" },
		["OAUTH_TOKEN_URL", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"],
	],
	[
		{ ...CLIENT, OAUTH_TOKEN_URL: "https://user:pass@idp/token" },
		["OAUTH_TOKEN_URL"],
	],
	[{ SASL_MECHANISM: "aws-msk-iam" }, ["AWS_REGION", "TLS"]],
	[
		{ TLS_CA_FILE: "/ca", TLS_SERVER_NAME: "k" },
		["TLS_CA_FILE", "TLS_SERVER_NAME"],
	],
	[{ TLS: "true", TLS_CERT_FILE: "/cert" }, ["TLS_KEY_FILE"]],
	[{ TLS: "true", TLS_KEY_FILE: "/key" }, ["TLS_CERT_FILE"]],
	[{ TLS: "yes" }, ["TLS"]],
])("an invalid combination: %j", (variables, names) => {
	expect(wrong(variables)).toEqual(names);
});

test("files that cannot be read are reported together with all other problems", () => {
	const found = problems(
		{ TLS: "true", TLS_CA_FILE: "/ca", SASL_MECHANISM: "plain" },
		(path) => `no ${path}`,
	);
	expect(found.map(({ expected }) => expected)).toEqual([
		"a file that can be read: no /ca",
		"a value: plain needs it",
		"a value, or FIREWORKS_KAFKA_SASL_PASSWORD_FILE: plain needs it",
	]);
});

test("a part that does not connect to Kafka ignores these settings", () => {
	expect(() => parseSettings(env(USER), ["dashboardPort"])).not.toThrow();
});

test("no secret is shown, not even one whose variable has a typing error", () => {
	const found = problems({
		SASL_PASSWORD: "hunter2",
		SASL_PASSWROD: "hunter2",
		OAUTH_CLIENT_SECRET: "hunter2",
	});
	expect(found).toHaveLength(3);
	expect(new SettingsError(found).message).not.toContain("hunter2");
});
