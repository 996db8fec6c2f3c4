/** The local system: the command `fireworks` without Docker. */
import { z } from "zod";
import { integer, text } from "../setting-types.ts";
import { port, setting } from "./setting.ts";

export const LOCAL_SETTINGS = {
	kafkaPort: setting(port(), "9092", "Port of the local Kafka on 127.0.0.1"),
	kafkaHeapMb: setting(integer(128, 65_536), "384", "Heap of the local Kafka"),
	stateDir: setting(
		text(/./, "a folder"),
		".fireworks",
		"Where the local system keeps its state and logs",
	),
	cacheDir: setting(
		z.string(),
		"",
		"Where downloads are kept; empty: ~/.cache/fireworks",
	),
	mavenUrl: setting(
		text(/^https?:\/\/\S+$/, "an http(s):// address"),
		"https://repo1.maven.org/maven2",
		"Maven repository that has Kafka's jars, and what the Spark engine's image is built with",
	),
	target: setting(
		z.enum(["local", "kind", "cluster"]) as z.ZodType<string, string>,
		"local",
		"Where `up` brings the system up",
	),
	auditWaitMs: setting(
		integer(0, 3_600_000),
		"60000",
		"Time audit waits for the processor to pass the metronome's end",
	),
} as const;
