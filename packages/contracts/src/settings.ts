/**
 * Every setting of every part: the catalogue.
 *
 * A setting is an environment variable `FIREWORKS_<NAME>`; its name here is the same in camel case. Units come last in the
 * name. All parts share one catalogue, so that one environment (a shell, a ConfigMap) can serve them all, and a variable with our prefix
 * that no part knows is an error instead of a typo that nobody sees.
 */
import { COMPARE_SETTINGS } from "./settings/compare.ts";
import { DASHBOARD_SETTINGS } from "./settings/dashboard.ts";
import { KAFKA_SECURITY_SETTINGS } from "./settings/kafka-security.ts";
import { LOCAL_SETTINGS } from "./settings/local.ts";
import { METRONOME_SETTINGS } from "./settings/metronome.ts";
import { MIDDLEWARE_SETTINGS } from "./settings/middleware.ts";
import { PROCESSOR_SETTINGS } from "./settings/processor.ts";
import { SHARED_SETTINGS } from "./settings/shared.ts";
import { SPARK_SETTINGS } from "./settings/spark.ts";
import { TARGET_SETTINGS } from "./settings/target.ts";
import { TOPICS_SETTINGS } from "./settings/topics.ts";

export type { SaslMechanism } from "./settings/kafka-security.ts";
export type { Setting } from "./settings/setting.ts";

/** What a part needs that speaks to Kafka: where it is, and how to be let in. */
export const KAFKA_SETTINGS = [
	"brokers",
	...(Object.keys(
		KAFKA_SECURITY_SETTINGS,
	) as (keyof typeof KAFKA_SECURITY_SETTINGS)[]),
] as const;

export const SETTINGS = {
	...SHARED_SETTINGS,
	...KAFKA_SECURITY_SETTINGS,
	...TOPICS_SETTINGS,
	...METRONOME_SETTINGS,
	...PROCESSOR_SETTINGS,
	...SPARK_SETTINGS,
	...MIDDLEWARE_SETTINGS,
	...DASHBOARD_SETTINGS,
	...LOCAL_SETTINGS,
	...COMPARE_SETTINGS,
	...TARGET_SETTINGS,
} as const;
