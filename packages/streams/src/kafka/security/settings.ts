/** The settings of how to be let in, and the secrets among them: from a variable, or from a file that may change while we run. */
import { readFileSync } from "node:fs";
import {
	type KAFKA_SETTINGS,
	type SettingProblem,
	type Settings,
	variableOf,
} from "@fireworks/contracts";

export type SecuritySettings = Omit<
	Settings<(typeof KAFKA_SETTINGS)[number]>,
	"brokers"
>;

/** The setting that may have the secret itself; the one of its file is called the same with File after it. */
type SecretName = "kafkaSaslPassword" | "kafkaOauthClientSecret";

/** The secret as it stands now. Throws where its file cannot be read, or is empty. */
export function secretOf(settings: SecuritySettings, name: SecretName): string {
	const path = settings[`${name}File`];
	if (path === "") return settings[name];
	// Editors and `echo` end a file with a line feed that is no part of the secret.
	const secret = readFileSync(path, "utf8").replace(/\r?\n$/, "");
	if (secret === "") throw new Error(`${path} is empty`);
	return secret;
}

export const secretProblems = (settings: SecuritySettings): SettingProblem[] =>
	(["kafkaSaslPassword", "kafkaOauthClientSecret"] as const).flatMap((name) => {
		try {
			secretOf(settings, name);
			return [];
		} catch (error) {
			const file = `${name}File` as const;
			return [
				{
					name: variableOf(file),
					value: settings[file],
					expected: `a file with the secret: ${(error as Error).message}`,
				},
			];
		}
	});
