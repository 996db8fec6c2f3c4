/**
 * The data folder: formatted once by Kafka's own tool, then kept, with the cluster id it was given.
 *
 * Formatting works on a folder beside and renames it, so that a data folder is either absent or whole. Anything else was done by
 * somebody else, and a broker that starts on half of its data loses records silently: so that is an error, and never mended here.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrokerLayout } from "./broker-layout.ts";
import { LocalKafkaError, reasonOf } from "./errors.ts";
import { KAFKA_VERSION } from "./jar-lock.ts";
import type { Java } from "./java.ts";
import { jvmArguments } from "./jvm.ts";
import {
	NODE_ID,
	propertiesText,
	serverProperties,
} from "./server-properties.ts";

const FORMAT_TIMEOUT_MS = 60_000;

/** What is in a data folder. Throws LocalKafkaError `storage-broken` or `storage-newer`. */
export function inspectStorage(
	layout: BrokerLayout,
): { clusterId: string } | undefined {
	if (!existsSync(layout.logDir)) return undefined;
	const broken = (what: string) =>
		new LocalKafkaError(
			"storage-broken",
			`Kafka's data folder ${layout.logDir} ${what}. If the data may go, remove it by \`fireworks down --purge\`; if not, put back what is missing from a copy.`,
		);
	if (readdirSync(layout.logDir).length === 0) return undefined;
	let text: string;
	try {
		text = readFileSync(join(layout.logDir, "meta.properties"), "utf8");
	} catch (error) {
		throw broken(
			`has data, but its meta.properties is unreadable (${reasonOf(error)})`,
		);
	}
	const meta = new Map(
		[...text.matchAll(/^([\w.]+)=(.*)$/gm)].map((m) => [m[1], m[2]?.trim()]),
	);
	const clusterId = meta.get("cluster.id");
	if (!clusterId || meta.get("node.id") !== String(NODE_ID))
		throw broken(
			"has a meta.properties that is not of a local Kafka of Fireworks",
		);
	const version = writtenBy(layout);
	if (version !== undefined && newer(version, KAFKA_VERSION))
		throw new LocalKafkaError(
			"storage-newer",
			`Kafka's data folder ${layout.logDir} was written by Kafka ${version}, and this is ${KAFKA_VERSION}. Use the newer Fireworks, or remove the data by \`fireworks down --purge\`.`,
		);
	return { clusterId };
}

const writtenBy = (layout: BrokerLayout): string | undefined =>
	existsSync(layout.versionFile)
		? readFileSync(layout.versionFile, "utf8").trim()
		: undefined;

/** Is the version a (1.2.3) of a later minor than b? Kafka reads what an earlier one wrote, and patches do not change the data. */
export function newer(a: string, b: string): boolean {
	const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
	const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
	return aMajor > bMajor || (aMajor === bMajor && aMinor > bMinor);
}

/** Kafka's ids: 16 bytes in base64url, and not one that a command line takes for an option. */
export function newClusterId(): string {
	for (;;) {
		const id = randomBytes(16).toString("base64url");
		if (!id.startsWith("-")) return id;
	}
}

export interface FormatOptions {
	layout: BrokerLayout;
	java: Java;
	classPath: string;
	heapMb: number;
	/** Of the tool, after its own. */
	extraArguments?: readonly string[] | undefined;
	signal?: AbortSignal | undefined;
}

/** Formats the folder where it is not; returns the cluster id. Throws LocalKafkaError, also `format-failed` and `aborted`. */
export async function formatStorage(options: FormatOptions): Promise<string> {
	const { layout, java, classPath, heapMb, signal } = options;
	const found = inspectStorage(layout);
	if (found === undefined) await format();
	writeFileSync(layout.versionFile, `${KAFKA_VERSION}\n`);
	return (found ?? inspectStorage(layout))?.clusterId ?? "";

	async function format() {
		const fresh = `${layout.logDir}.format`;
		const config = `${fresh}.properties`;
		rmSync(fresh, { recursive: true, force: true });
		mkdirSync(fresh, { recursive: true });
		// The ports mean nothing to the format, but the tool wants a complete configuration.
		const ports = { port: 9092, controllerPort: 9093 };
		writeFileSync(
			config,
			propertiesText(serverProperties({ ...ports, logDir: fresh })),
		);
		const jvm = { heapMb, quickStart: true };
		const args = [
			"format",
			"-t",
			newClusterId(),
			"-c",
			config,
			...(options.extraArguments ?? []),
		];
		try {
			await promisify(execFile)(
				java.path,
				jvmArguments(layout, jvm, "kafka.tools.StorageTool", args),
				{
					env: { ...process.env, CLASSPATH: classPath },
					timeout: FORMAT_TIMEOUT_MS,
					...(signal ? { signal } : {}),
				},
			);
		} catch (error) {
			if (signal?.aborted)
				throw new LocalKafkaError("aborted", "the format was stopped");
			throw new LocalKafkaError(
				"format-failed",
				`Kafka's format of ${layout.logDir} failed: ${reasonOf(error)}`,
				{ cause: error },
			);
		}
		rmSync(layout.logDir, { recursive: true, force: true });
		renameSync(fresh, layout.logDir);
		rmSync(config, { force: true });
	}
}
