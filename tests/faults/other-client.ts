/**
 * Writes records with another client: Kafka's own in Java, with its own compression, run from
 * source with the jars of the local Kafka.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findJava, JARS, kafkaCacheDir } from "@fireworks/local-kafka";
import { sendByKafkajs } from "./kafkajs-client.ts";

export type Compression = "none" | "gzip" | "lz4" | "snappy" | "zstd";

export interface ForeignRecord {
	partition: number;
	key: Buffer | null;
	value: Buffer | null;
}

/** A Java runtime without the compiler cannot run a source file. */
async function canCompile(java: string): Promise<boolean> {
	const { stdout } = await promisify(execFile)(java, ["--list-modules"]);
	return stdout.includes("jdk.compiler@");
}

const SOURCE = fileURLToPath(new URL("OtherClient.java", import.meta.url));

/**
 * Sends the records in order in a transaction that it aborts, then again in one that it commits.
 */
export async function sendByOtherClient(options: {
	brokers: readonly string[];
	topic: string;
	compression: Compression;
	records: readonly ForeignRecord[];
}): Promise<void> {
	const { brokers, topic, compression, records } = options;
	const java = await findJava();
	if (!(await canCompile(java.path)))
		return sendByKafkajs(brokers, topic, compression, records);
	const cache = kafkaCacheDir();
	const child = spawn(
		java.path,
		[
			"-Xmx192m",
			"-XX:TieredStopAtLevel=1",
			SOURCE,
			brokers.join(","),
			topic,
			compression,
		],
		{
			env: {
				...process.env,
				CLASSPATH: JARS.map((jar) => join(cache, ...jar.path.split("/"))).join(
					":",
				),
			},
			stdio: ["pipe", "ignore", "pipe"],
		},
	);
	let errors = "";
	child.stderr.on("data", (chunk) => {
		errors += chunk;
	});
	child.stdin.on("error", () => {});
	const hex = (bytes: Buffer | null) => bytes?.toString("hex") ?? "-";
	child.stdin.end(
		records
			.map((r) => `${r.partition} ${hex(r.key)} ${hex(r.value)}\n`)
			.join(""),
	);
	const [code] = await once(child, "close");
	if (code !== 0)
		throw new Error(`the other client ended with ${code}: ${errors}`);
}
