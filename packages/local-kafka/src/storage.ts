/**
 * The data folder: Kafka's own tool formats it once, with a cluster id; then it is kept.
 *
 * The format works on a temporary folder next to it and renames that, so a data folder is either
 * absent or complete. Any other state was caused from outside. A broker that starts on half of its
 * data silently loses records, so such a state is an error and is never repaired here.
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
import { type BrokerLayout, within } from "./broker-layout.ts";
import { LocalKafkaError, reasonOf } from "./errors.ts";
import { KAFKA_VERSION } from "./jar-lock.ts";
import type { Java } from "./java.ts";
import { jvmArguments, jvmEnvironment } from "./jvm.ts";
import {
	NODE_ID,
	propertiesText,
	serverProperties,
} from "./server-properties.ts";
import { jvmFailure } from "./start-failure.ts";

const FORMAT_TIMEOUT_MS = 60_000;

/** The content of a data folder. Throws LocalKafkaError `storage-broken` or `storage-newer`. */
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

/**
 * Whether version a (1.2.3) has a later minor version than b. Kafka reads what an earlier version
 * wrote, and patch versions do not change the data.
 */
export function newer(a: string, b: string): boolean {
	const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
	const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
	return aMajor > bMajor || (aMajor === bMajor && aMinor > bMinor);
}

/**
 * A cluster id as Kafka makes it: 16 bytes in base64url. It does not start with "-", which a
 * command line would take for an option.
 */
export function newClusterId(): string {
	for (;;) {
		const id = randomBytes(16).toString("base64url");
		if (!id.startsWith("-")) return id;
	}
}

interface FormatFailure {
	stdout?: string;
	stderr?: string;
}

const lastLine = (lines: readonly string[]): string | undefined =>
	lines.findLast((line) => line.trim() !== "" && !/^\s+at /.test(line))?.trim();

export interface FormatOptions {
	layout: BrokerLayout;
	java: Java;
	classPath: string;
	heapMb: number;
	/** Further arguments of the format tool, after our own. */
	extraArguments?: readonly string[] | undefined;
	signal?: AbortSignal | undefined;
}

/**
 * Formats the folder if needed; returns the cluster id. Throws LocalKafkaError, also
 * `format-failed` and `aborted`.
 */
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
		// The format does not use the ports, but the tool requires a complete configuration.
		const ports = { port: 9092, controllerPort: 9093 };
		writeFileSync(
			config,
			propertiesText(
				serverProperties({ ...ports, logDir: within(layout, fresh) }),
			),
		);
		const jvm = { heapMb, quickStart: true };
		const args = [
			"format",
			"-t",
			newClusterId(),
			"-c",
			within(layout, config),
			...(options.extraArguments ?? []),
		];
		try {
			await promisify(execFile)(
				java.path,
				jvmArguments(layout, jvm, "kafka.tools.StorageTool", args),
				{
					cwd: layout.folder,
					env: jvmEnvironment(java, jvm, classPath),
					timeout: FORMAT_TIMEOUT_MS,
					...(signal ? { signal } : {}),
				},
			);
		} catch (error) {
			if (signal?.aborted)
				throw new LocalKafkaError("aborted", "the format was stopped");
			const { stdout = "", stderr = "" } = error as FormatFailure;
			const said = `${stdout}${stderr}`.split("\n");
			throw (
				jvmFailure(said, heapMb) ??
				new LocalKafkaError(
					"format-failed",
					`Kafka's format of ${layout.logDir} failed: ${lastLine(said) ?? reasonOf(error)}`,
					{ cause: error },
				)
			);
		}
		rmSync(layout.logDir, { recursive: true, force: true });
		renameSync(fresh, layout.logDir);
		rmSync(config, { force: true });
	}
}
