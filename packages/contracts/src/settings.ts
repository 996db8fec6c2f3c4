/**
 * Every setting of every part: the catalogue.
 *
 * A setting is an environment variable `FIREWORKS_<NAME>`; its name here is the same in camel case. Units come last in the
 * name. All parts share one catalogue, so that one environment (a shell, a ConfigMap) can serve them all, and a variable with our prefix
 * that no part knows is an error instead of a typo that nobody sees.
 */
import { DASHBOARD_SETTINGS } from "./settings/dashboard.ts";
import { LOCAL_SETTINGS } from "./settings/local.ts";
import { METRONOME_SETTINGS } from "./settings/metronome.ts";
import { MIDDLEWARE_SETTINGS } from "./settings/middleware.ts";
import { PROCESSOR_SETTINGS } from "./settings/processor.ts";
import { SHARED_SETTINGS } from "./settings/shared.ts";
import { TARGET_SETTINGS } from "./settings/target.ts";
import { TOPICS_SETTINGS } from "./settings/topics.ts";

export type { Setting } from "./settings/setting.ts";

export const SETTINGS = {
	...SHARED_SETTINGS,
	...TOPICS_SETTINGS,
	...METRONOME_SETTINGS,
	...PROCESSOR_SETTINGS,
	...MIDDLEWARE_SETTINGS,
	...DASHBOARD_SETTINGS,
	...LOCAL_SETTINGS,
	...TARGET_SETTINGS,
} as const;
