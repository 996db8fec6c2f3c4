/**
 * The external reference: the same job on Kafka Streams, compiled from kafka-streams/ with the
 * machine's JDK.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
	ensureJars,
	findJava,
	JARS,
	kafkaCacheDir,
	type LockedJar,
} from "@fireworks/local-kafka";
import type { Engine } from "./engine.ts";

const run = promisify(execFile);
const SOURCES = ["Noise.java", "WienerStreams.java"].map((name) =>
	fileURLToPath(new URL(`kafka-streams/${name}`, import.meta.url)),
);

/**
 * Jars in addition to the broker's, which include the clients, the logging and the JSON library.
 * RocksDB's classes are needed for linking but are not used.
 */
const STREAMS_JARS: readonly LockedJar[] = [
	{
		path: "org/apache/kafka/kafka-streams/4.3.1/kafka-streams-4.3.1.jar",
		size: 2_277_950,
		sha256: "bd73f3805e116f711e8456ee89a8a5b43ff5dcf5a5bb865afae29deae89e7c4b",
	},
	{
		path: "org/rocksdb/rocksdbjni/10.1.3/rocksdbjni-10.1.3.jar",
		size: 72_725_808,
		sha256: "e7f925287d9fe2574fb7c7a86f7facaa9b8ab602a2eed0e598bf633528121498",
	},
];

let java = "";
let classes = "";
const cache = kafkaCacheDir();
const streamsCache = `${cache}-streams`;
const classpath = (): string =>
	[
		classes,
		...STREAMS_JARS.map((jar) => join(streamsCache, ...jar.path.split("/"))),
		...JARS.map((jar) => join(cache, ...jar.path.split("/"))),
	].join(":");

export const kafkaStreams: Engine = {
	name: "Kafka Streams",
	does: "4.3.1, outside reference: one thread, exactly once v2, store in memory, commit every 100 ms; no dead letters",
	prepare: async () => {
		java = (await findJava()).path;
		const { FIREWORKS_MAVEN_URL: mavenUrl } = process.env;
		await ensureJars({
			cacheDir: streamsCache,
			jars: STREAMS_JARS,
			...(mavenUrl ? { mavenUrl } : {}),
		});
		classes = join(streamsCache, "classes");
		await run("javac", ["-cp", classpath(), "-d", classes, ...SOURCES]);
	},
	command: (stateDir) => ({
		command: java,
		args: ["-Xmx1g", "-cp", classpath(), "WienerStreams"],
		environment: { STATE_DIR: stateDir },
	}),
};
