/**
 * The catalogue: every setting of every part.
 *
 * A setting is an environment variable `FIREWORKS_<NAME>`; its name here is the same in camel case.
 * A name ends with its unit. All parts share one catalogue, so one environment (a shell, a
 * ConfigMap) can serve them all. A variable with our prefix that looks like a misspelt setting is
 * an error: the typo would otherwise go unnoticed.
 */
import { COMPARE_SETTINGS } from "./settings/compare.ts";
import { DASHBOARD_SETTINGS } from "./settings/dashboard.ts";
import { INGEST_SETTINGS } from "./settings/ingest.ts";
import { KAFKA_SECURITY_SETTINGS } from "./settings/kafka-security.ts";
import { LAKE_SETTINGS } from "./settings/lake.ts";
import { LAKE_QUERY_SETTINGS } from "./settings/lake-query.ts";
import { LOCAL_SETTINGS } from "./settings/local.ts";
import { METRONOME_SETTINGS } from "./settings/metronome.ts";
import { MIDDLEWARE_SETTINGS } from "./settings/middleware.ts";
import { PROCESSOR_SETTINGS } from "./settings/processor.ts";
import { SHARED_SETTINGS } from "./settings/shared.ts";
import { SPARK_SETTINGS } from "./settings/spark.ts";
import { TARGET_SETTINGS } from "./settings/target.ts";
import { TOPICS_SETTINGS } from "./settings/topics.ts";

export type { SaslMechanism } from "./settings/kafka-security.ts";
export { REMOVED_SETTINGS } from "./settings/removed.ts";
export {
	type ChartPlace,
	defaultText,
	type Setting,
	type SettingTier,
} from "./settings/setting.ts";

/** Settings of every part that uses Kafka: its address and the credentials. */
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
	...INGEST_SETTINGS,
	...LAKE_SETTINGS,
	...LAKE_QUERY_SETTINGS,
	...DASHBOARD_SETTINGS,
	...LOCAL_SETTINGS,
	...COMPARE_SETTINGS,
	...TARGET_SETTINGS,
} as const;
