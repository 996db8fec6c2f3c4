/** The settings for authenticating to Kafka. */
import {
	type KAFKA_SETTINGS,
	type SettingProblem,
	type Settings,
	SettingsError,
} from "@fireworks/contracts";
import { secretOf } from "@fireworks/service-kit";

export type SecuritySettings = Omit<
	Settings<(typeof KAFKA_SETTINGS)[number]>,
	"brokers"
>;

/** What is wrong with the files that hold the secrets. */
export const secretProblems = (settings: SecuritySettings): SettingProblem[] =>
	(["kafkaSaslPassword", "kafkaOauthClientSecret"] as const).flatMap((name) => {
		try {
			secretOf(settings, name);
			return [];
		} catch (error) {
			if (error instanceof SettingsError) return error.problems;
			throw error;
		}
	});
