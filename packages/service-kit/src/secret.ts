/** A secret that is given as it is, or as a file, such as a mounted Kubernetes Secret. */
import { readFileSync } from "node:fs";
import { SettingsError, variableOf } from "@fireworks/contracts";

type SecretName =
	| "kafkaSaslPassword"
	| "kafkaOauthClientSecret"
	| "middlewareBearerToken"
	| "middlewareTicketSecret";

/** The settings of a secret: its value, and under the same name with File after it the path. */
export type SecretSettings<N extends SecretName> = {
	readonly [K in N | `${N}File`]: string;
};

/** The secret as it stands now; "" where neither is set. Throws SettingsError where its file cannot be read, or is empty. */
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
	// Editors and `echo` end a file with a line feed that is no part of the secret.
	const secret = text.replace(/\r?\n$/, "");
	if (secret === "") throw wrong("it is empty");
	return secret;
}
