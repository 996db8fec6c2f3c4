/**
 * The local Kafka with a real broker on unusual machines: folders with odd names, other languages,
 * no memory, a kill.
 */
import { randomBytes } from "node:crypto";
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	realpathSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	ensureJars,
	kafkaCacheDir,
	type LocalKafka,
	startKafka,
} from "@fireworks/local-kafka";
import { Kafka, logLevel } from "kafkajs";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { waitFor } from "../harness/wait-for.ts";

let dir: string;
let running: LocalKafka | undefined;
beforeAll(async () => {
	const { FIREWORKS_MAVEN_URL: mavenUrl } = process.env;
	await ensureJars(mavenUrl ? { mavenUrl } : {});
});
beforeEach(() => {
	dir = realpathSync(mkdtempSync(join(tmpdir(), "local-kafka-")));
});
afterEach(async () => {
	await running?.kill();
	running = undefined;
	vi.unstubAllEnvs();
	rmSync(dir, { recursive: true, force: true });
});

async function start(
	dataDir: string,
	more: { cacheDir?: string; heapMb?: number } = {},
): Promise<LocalKafka> {
	running = await startKafka({ port: 0, dataDir, quickStart: true, ...more });
	return running;
}

const client = (kafka: LocalKafka) =>
	new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING });

async function write(kafka: LocalKafka, value: string): Promise<void> {
	const producer = client(kafka).producer();
	await producer.connect();
	await producer.send({ topic: "kept", messages: [{ value }] });
	await producer.disconnect();
}

async function createTopic(kafka: LocalKafka): Promise<void> {
	const admin = client(kafka).admin();
	await admin.connect();
	await admin.createTopics({ topics: [{ topic: "kept", numPartitions: 1 }] });
	await admin.disconnect();
}

/** Waits until there are as many values as expected, and returns them. */
async function read(kafka: LocalKafka, count: number): Promise<string[]> {
	const values: string[] = [];
	const consumer = client(kafka).consumer({ groupId: crypto.randomUUID() });
	await consumer.connect();
	await consumer.subscribe({ topic: "kept", fromBeginning: true });
	await consumer.run({
		eachMessage: async ({ message }) => {
			values.push(String(message.value));
		},
	});
	await waitFor(`${count} records`, () => values.length >= count || undefined);
	await consumer.disconnect();
	return values;
}

test("folders with every odd character, in the locale C: the data is there after a restart, and nothing is written outside the folder", async () => {
	vi.stubEnv("LC_ALL", "C");
	const odd = `a,b c:%41#'"$HOME$${"{x}"}[é]Ünïcödé 日本=!&;*?\\n`;
	const cacheDir = join(dir, odd, "cache");
	cpSync(kafkaCacheDir(), cacheDir, { recursive: true });
	const dataDir = join(dir, odd, "kafka");
	const first = await start(dataDir, { cacheDir });
	await createTopic(first);
	await write(first, "kept");
	await first.stop();
	expect(await read(await start(dataDir, { cacheDir }), 1)).toEqual(["kept"]);
	expect(readdirSync(dir)).toEqual([odd]);
	expect(readdirSync(join(dir, odd)).sort()).toEqual(["cache", "kafka"]);
});

test("a broker under Turkish, Arabic, Persian, Hindi and Thai settings keeps its data from one to the next", async () => {
	const locales = [
		"-Duser.language=tr -Duser.country=TR",
		"-Duser.language=ar -Duser.country=EG -Duser.language.format=ar",
		"-Duser.language=fa -Duser.country=IR -Duser.extensions=u-nu-arabext",
		"-Duser.language=hi -Duser.country=IN -Duser.extensions=u-nu-deva",
		"-Duser.language=th -Duser.country=TH -Duser.variant=TH",
	];
	for (const [index, options] of locales.entries()) {
		vi.stubEnv("LC_ALL", "tr_TR.UTF-8");
		vi.stubEnv("JAVA_TOOL_OPTIONS", options);
		// Every Java reads this last, after our own arguments.
		vi.stubEnv("_JAVA_OPTIONS", options);
		const kafka = await start(join(dir, "kafka"));
		if (index === 0) await createTopic(kafka);
		await write(kafka, String(index));
		const expected = locales.slice(0, index + 1).map((_, i) => String(i));
		expect(await read(kafka, expected.length)).toEqual(expected);
		await kafka.stop();
	}
	const files = readdirSync(join(dir, "kafka", "data", "kept-0"));
	expect(files).toContain("00000000000000000000.log");
	expect(files.filter((name) => /[^ -~]/.test(name))).toEqual([]);
});

test("a small heap in _JAVA_OPTIONS does not keep Kafka from starting: our setting holds", async () => {
	vi.stubEnv("_JAVA_OPTIONS", "-Xmx64m");
	const kafka = await start(join(dir, "kafka"));
	await createTopic(kafka);
	await write(kafka, "kept");
	expect(await read(kafka, 1)).toEqual(["kept"]);
});

test("a heap that Java cannot have is reported in one line, with the setting", async () => {
	const failure = await start(join(dir, "kafka"), {
		heapMb: 1_000_000_000,
	}).catch((error: Error) => error);
	expect(failure).toMatchObject({ code: "heap" });
	expect((failure as Error).message).toMatch(
		/^[^\n]*1000000000 MB[^\n]*FIREWORKS_KAFKA_HEAP_MB[^\n]*$/,
	);
});

test("an option that no Java knows is reported with the variable's name", async () => {
	vi.stubEnv("_JAVA_OPTIONS", "-XX:NoSuchOption");
	const failure = await startKafka({
		port: 0,
		dataDir: join(dir, "kafka"),
	}).catch((error: Error) => error);
	expect((failure as Error).message).toMatch(/_JAVA_OPTIONS/);
});

test("a class archive that is cut off or full of rubbish, and one half written by a killed JVM, do no harm", async () => {
	const cacheDir = join(dir, "cache");
	cpSync(kafkaCacheDir(), cacheDir, { recursive: true });
	const archives = join(cacheDir, "class-data");
	rmSync(archives, { recursive: true, force: true });
	const dataDir = join(dir, "kafka");
	const names = () => readdirSync(archives);
	/** Without the temporary files of a killed JVM, which are removed after an hour. */
	const whole = () => names().filter((name) => name.endsWith(".jsa"));

	const first = await start(dataDir, { cacheDir });
	const ended = first.stop();
	// Killed while it writes the archive, or shortly before or after: the next start must work.
	await Promise.race([
		waitFor("the archive to be begun", () =>
			names().length > 0 ? true : undefined,
		),
		ended,
	]);
	await first.kill();
	expect(whole().length).toBeLessThan(2);

	await (await start(dataDir, { cacheDir })).stop();
	const archive = whole()[0] ?? "";
	expect(archive).not.toBe("");
	// Truncated by a full disk: noticed by its size, and written again.
	truncateSync(join(archives, archive), 100_000);
	await (await start(dataDir, { cacheDir })).stop();
	expect(whole()).toHaveLength(1);
	expect(statSync(join(archives, whole()[0] ?? "")).size).toBeGreaterThan(
		1_000_000,
	);
	// Damaged inside, which a JVM does not check. If it crashes, the archive is removed and the
	// next start works.
	const again = join(archives, whole()[0] ?? "");
	writeFileSync(again, randomBytes(statSync(again).size));
	const damaged = await start(dataDir, { cacheDir }).catch(() =>
		start(dataDir, { cacheDir }),
	);
	await damaged.stop();
});

test("kill -9 in the middle of the first format: the next start formats again", async () => {
	const dataDir = join(dir, "kafka");
	mkdirSync(join(dataDir, "data.format", "half"), { recursive: true });
	writeFileSync(join(dataDir, "data.format", "bootstrap.checkpoint"), "half");
	const kafka = await start(dataDir);
	expect(readdirSync(dataDir)).not.toContain("data.format");
	expect(kafka.clusterId).not.toBe("");
});
