/**
 * Requests with Idempotency-Keys under seeded faults: up to three replicas of services/ingest, and
 * clients that repeat each request, at any replica, until it is answered.
 */
import type { Log } from "../../packages/streams/src/log.ts";
import { MemoryBroker } from "../../packages/streams/src/memory/broker.ts";
import { memoryLog } from "../../packages/streams/src/memory/memory-log.ts";
import { Random } from "../../packages/streams/src/memory/random.ts";
import { VirtualTime } from "../../packages/streams/src/testing/virtual-time.ts";
import type { Clock } from "../../packages/streams/src/time.ts";
import { KeyBook } from "../../services/ingest/src/keys/key-book.ts";
import { Once } from "../../services/ingest/src/keys/once.ts";
import { readKeys } from "../../services/ingest/src/keys/tail.ts";
import { keyTopics } from "../../services/ingest/src/keys/topics.ts";
import { Writer } from "../../services/ingest/src/write/writer.ts";
import { Committed } from "./committed.ts";
import { downMs, Faults, pauseMs } from "./faults.ts";
import { SimProcess } from "./process.ts";

const TOPIC = "stream";
const KEYS = 60;
const FAULTS_MS = 40_000;
const CATCH_UP_MS = 180_000;
const silent = { warn() {} };

export interface KeyedRun {
	/** What is wrong; undefined: nothing. */
	readonly violation: string | undefined;
	readonly counts: Readonly<Record<string, number>>;
}

/** Bugs that a test plants. */
export interface Planted {
	book?(clock: Clock): KeyBook;
	log?(log: Log): Log;
}

export async function simulateKeyed(
	seed: number,
	planted: Planted = {},
): Promise<KeyedRun> {
	const random = new Random(seed);
	const time = new VirtualTime();
	const faults = new Faults(random);
	const counts: Record<string, number> = {};
	const count = (what: string) => {
		counts[what] = (counts[what] ?? 0) + 1;
	};
	const broker = new MemoryBroker({
		clock: time,
		seed,
		markerDelayMaxMs: random.pick([0, 0, 20, 500]),
	});
	const specs = keyTopics({ replicationFactor: 1, topicConfigs: "own" });
	const [spec = specs[0]] = specs;
	broker.topics.ensure([...specs, { ...spec, name: TOPIC } as never]);

	const slots = random.between(1, 3);
	const live = new Map<number, { process: SimProcess; once: Once }>();
	const start = (slot: number, life: number): void => {
		const process = new SimProcess({
			name: `${slot}/${life}`,
			time,
			fateOf: (self, request) =>
				faults.fateOf(request, (how) => {
					if (self.state !== "running") return;
					count(how);
					if (how === "pause") {
						self.pause();
						time.after(pauseMs(random), () => self.resume());
						return;
					}
					self.crash();
					live.delete(slot);
					time.after(downMs(random), () => start(slot, life + 1));
				}),
		});
		const { clock, network } = process;
		const plain = memoryLog({ broker, clock, network });
		const log = planted.log?.(plain) ?? plain;
		const book = planted.book?.(clock) ?? new KeyBook(clock);
		const writer = new Writer({
			log,
			logger: silent,
			clock,
			prepare: async () => {},
			owner: process.name,
			// A restart on the same machine, or a new pod; or two machines of the same name.
			transactionalId: random.oneIn(3)
				? `replica-${slot}-${life}`
				: `replica-${random.oneIn(5) ? 0 : slot}`,
			ownerOf: (id) => book.session(id)?.owner,
			onCommit: () => count("transaction"),
			onFailure: (code) => count(`failure ${code}`),
		});
		const end = new AbortController();
		void writer.run();
		void readKeys(log, book, silent, clock, end.signal);
		live.set(slot, {
			process,
			once: new Once({ log, logger: silent, clock, writer, book }),
		});
	};
	for (let slot = 0; slot < slots; slot++) start(slot, 0);

	const answered = new Set<number>();
	const client = async (key: number): Promise<void> => {
		await time.sleep(random.between(0, FAULTS_MS / 2));
		while (!answered.has(key)) {
			const replicas = [...live.values()];
			const answer = async () => {
				if (replicas.length === 0) return false;
				const { once } = random.pick(replicas);
				const job = {
					outgoing: new Map([[TOPIC, [record(key, time.now())]]]),
					records: 1,
					bytes: 100,
				};
				const outcome = await once
					.run(`${key}`, job, { hash: `${key}`, status: 200, body: "{}" })
					.catch(() => undefined);
				if (outcome !== undefined) count(outcome.kind);
				return outcome !== undefined && outcome.kind !== "reused";
			};
			const patience = time.sleep(random.between(20, 9_000)).then(() => false);
			if (await Promise.race([answer(), patience])) answered.add(key);
			else await time.sleep(random.between(1, 200));
		}
	};
	// Some clients send the same key at the same time.
	for (let key = 0; key < KEYS; key++) {
		void client(key);
		if (random.oneIn(2)) void client(key);
	}

	const committed = new Committed(broker, TOPIC);
	const seen = new Set<string>();
	let violation: string | undefined;
	const look = (): boolean => {
		for (const { value } of committed.newRecords()) {
			const text = String(value);
			if (seen.has(text)) violation ??= `${text} was written twice`;
			seen.add(text);
		}
		return violation !== undefined;
	};
	await time.runUntil(look, FAULTS_MS);
	faults.end();
	const all = () => look() || answered.size === KEYS;
	if (!(await time.runUntil(all, CATCH_UP_MS)))
		violation ??= `${KEYS - answered.size} requests were never answered`;
	// What is still on its way must not be written a second time.
	await time.runUntil(look, 30_000);
	for (let key = 0; key < KEYS && violation === undefined; key++)
		if (!seen.has(`${key}`)) violation = `${key} was answered, but not written`;
	return { violation, counts };
}

const record = (key: number, timestamp: number) => ({
	partition: 0,
	key: null,
	value: `${key}`,
	timestamp,
});
