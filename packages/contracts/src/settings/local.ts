/** Settings of the local system: the command `fireworks` without Docker. */
import { integer, text } from "../setting-types.ts";
import { anyText, choice, port, setting } from "./setting.ts";

export const LOCAL_SETTINGS = {
	kafkaPort: setting({
		schema: port(),
		default: 9092,
		tier: "tuning",
		about: "Port of the local Kafka on 127.0.0.1",
	}),
	kafkaHeapMb: setting({
		schema: integer(128, 65_536),
		default: 384,
		unit: "MB",
		tier: "tuning",
		chart: { value: "kafka.heapMb" },
		about: "Heap of Kafka's JVM",
	}),
	stateDir: setting({
		schema: text(/./, "a folder"),
		default: ".fireworks",
		tier: "tuning",
		about: "Folder for the state and logs of the local system",
	}),
	cacheDir: anyText({
		tier: "tuning",
		about:
			"Folder for downloads; only you may have write access to it. Empty: $XDG_CACHE_HOME/fireworks, or else ~/.cache/fireworks",
	}),
	mavenUrl: setting({
		schema: text(/^https?:\/\/\S+$/, "an http(s):// address"),
		default: "https://repo1.maven.org/maven2",
		tier: "tuning",
		about:
			"Maven repository for Kafka's jars and for building the Spark engine's image",
	}),
	target: setting({
		schema: choice(["local", "kind", "cluster"]),
		default: "local",
		tier: "common",
		about: "Where `up` starts the system",
	}),
	lake: setting({
		schema: choice(["off", "on"]),
		default: "off",
		tier: "common",
		about:
			"on: the local system also keeps every stream in a table for SQL, as `up --lake` does",
	}),
	auditWaitMs: setting({
		schema: integer(0, 3_600_000),
		default: 60_000,
		unit: "ms",
		tier: "tuning",
		chart: "config",
		about:
			"Time `audit` waits until the processor has passed the end of the ticks",
	}),
} as const;
