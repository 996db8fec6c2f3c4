/** A secret that is set directly or in a file, such as a mounted Kubernetes Secret. */
import { readFileSync } from "node:fs";
import { SettingsError, variableOf } from "@fireworks/contracts";

type SecretName =
	| "kafkaSaslPassword"
	| "kafkaOauthClientSecret"
	| "middlewareBearerToken"
	| "middlewareTicketSecret"
	| "ingestBearerToken"
	| "lakeQueryBearerToken"
	| "relaySecret";

/**
 * The settings of a secret: its value, and the path of its file under the same name plus "File".
 */
export type SecretSettings<N extends SecretName> = {
	readonly [K in N | `${N}File`]: string;
};

/**
 * The current secret; "" if neither setting is set. Throws SettingsError if its file is empty or
 * cannot be read.
 */
export function secretOf<N extends SecretName>(
	settings: SecretSettings<N>,
	name: N,
): string {
	const path = settings[`${name}File`];
	if (path === "") return settings[name];
	const wrong = (why: string, cause?: unknown) =>
		new SettingsError(
			[
				{
					name: variableOf(`${name}File`),
					value: path,
					expected: `a file with the secret: ${why}`,
				},
			],
			{ cause },
		);
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (error) {
		throw wrong((error as Error).message, error);
	}
	// Editors and `echo` add a line feed at the end of a file; it does not belong to the secret.
	const secret = text.replace(/\r?\n$/, "");
	if (secret === "") throw wrong("it is empty");
	return secret;
}
