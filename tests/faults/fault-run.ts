/**
 * One fault on its own stream. The services are real processes. A concurrent reader checks every
 * committed record, recoveries are timed, and at the end the conditions of after-fault.ts must
 * hold.
 */
import { metronomeTopics, processorTopics } from "@fireworks/contracts";
import type { Log } from "@fireworks/streams";
import type { TestContext } from "vitest";
import { CommittedReader, type Offsets } from "../harness/committed-reader.ts";
import {
	type Service,
	type ServiceName,
	startService,
} from "../harness/service.ts";
import { newStream, type TestStream } from "../harness/stream.ts";
import { StreamChecker } from "../harness/stream-checker.ts";
import { waitFor } from "../harness/wait-for.ts";
import { afterFault } from "./after-fault.ts";
import type { FaultBroker } from "./fault-broker.ts";
import type { FaultResult } from "./table.ts";

/**
 * A limit for the test, not the promised recovery time: on a busy machine a process alone may take
 * tens of seconds to start.
 */
const RECOVERY_MAX_MS = 180_000;

export interface FaultRunOptions {
	/** The fault's name in the table. */
	fault: string;
	environment?: Record<string, string>;
	/** Further configuration of topics, by the setting that names the topic. */
	topicConfig?: Partial<
		Record<
			"processorChangelog" | "deadLetter" | "metronome",
			Record<string, string>
		>
	>;
}

const DEFAULTS = {
	FIREWORKS_SEED: "42",
	FIREWORKS_RETENTION_MS: "-1",
	FIREWORKS_METRONOME_DEVICES: "40",
	FIREWORKS_METRONOME_INTERVAL_MS: "40",
	FIREWORKS_AUDIT_WAIT_MS: "30000",
};

/** Runs a fault's body between the start of its stream and the checks at its end. */
export async function faultRun(
	{ task }: TestContext,
	broker: FaultBroker,
	options: FaultRunOptions,
	body: (run: FaultRun) => Promise<void>,
): Promise<void> {
	const run = new FaultRun(broker, options);
	try {
		await run.begin();
		await body(run);
		task.meta.fault = await run.finish();
	} catch (error) {
		throw new Error(
			`${options.fault}: ${(error as Error).message}\n${run.tails()}`,
			{
				cause: error,
			},
		);
	} finally {
		await run.end();
	}
}

export class FaultRun {
	readonly stream: TestStream;
	/** Part of all names of the stream: topics, group, transactional ids. */
	readonly name: string;
	readonly broker: FaultBroker;
	readonly log: Log;
	readonly checker: StreamChecker;
	readonly reader: CommittedReader;
	readonly #options: FaultRunOptions;
	readonly #services: Service[] = [];
	readonly #recoveredMs: number[] = [];
	#times = 0;

	constructor(broker: FaultBroker, options: FaultRunOptions) {
		this.#options = options;
		this.broker = broker;
		this.log = broker.log;
		this.stream = newStream(broker.brokers, {
			...DEFAULTS,
			...options.environment,
		});
		const { settings } = this.stream;
		this.name = settings.topicMetronome.split("-")[0] as string;
		const devices = Array.from(
			{ length: settings.metronomeDevices },
			(_, i) => `device-${String(i + 1).padStart(4, "0")}`,
		);
		this.checker = new StreamChecker({
			metronome: settings.topicMetronome,
			wiener: settings.topicWiener,
			partitions: settings.partitions,
			seed: settings.seed,
			devices,
		});
		this.reader = new CommittedReader(
			this.log,
			[settings.topicMetronome, settings.topicWiener],
			(topic, record) => this.checker.take(topic, record),
		);
		broker.proxy.know(this.name);
	}

	/** Creates the topics and starts reading them. */
	async begin(): Promise<void> {
		const { settings } = this.stream;
		const clock = metronomeTopics(settings);
		const stage = processorTopics(settings);
		const { metronome, processorChangelog, deadLetter } =
			this.#options.topicConfig ?? {};
		const having = <T extends { config: Readonly<Record<string, string>> }>(
			spec: T,
			config: Record<string, string> | undefined,
		): T => ({ ...spec, config: { ...spec.config, ...config } });
		const specs = [
			having(clock.ticks, metronome),
			clock.changelog,
			stage.output,
			having(stage.changelog, processorChangelog),
			having(stage.deadLetter, deadLetter),
		];
		// A busy broker may not know a topic yet that it has just created.
		await waitFor("the topics", async () => {
			await this.log.ensureTopics(specs);
			return true;
		});
		this.reader.start();
	}

	/** Starts a service; it is stopped at the end of the run. */
	async start(
		name: ServiceName,
		environment: Record<string, string> = {},
	): Promise<Service> {
		const service = await startService(name, {
			...this.stream.environment,
			...environment,
		});
		this.#services.push(service);
		return service;
	}

	/** Starts a metronome and a processor, and waits until data flows. */
	async startBoth(): Promise<{ metronome: Service; processor: Service }> {
		const [metronome, processor] = await Promise.all([
			this.start("metronome"),
			this.start("processor"),
		]);
		await Promise.all([metronome.ready(), processor.ready()]);
		await this.flowing();
		return { metronome, processor };
	}

	/** The current end offsets of the partitions that have devices. */
	async ends(topic: string): Promise<Offsets> {
		const { partitions } = this.checker;
		const ranges = (await this.log.offsets(topic)) ?? [];
		return new Map(
			ranges
				.filter((r) => partitions.includes(r.partition))
				.map((r) => [r.partition, r.high]),
		);
	}

	/**
	 * Waits until each partition has a Wiener record newer than all current ones, `times` times in
	 * a row.
	 */
	async flowing(times = 1): Promise<void> {
		for (let i = 0; i < times; i++) await this.#newRecords();
	}

	/**
	 * Call this after the fault and the reaction to it (a restarted process, say). Waits for new
	 * records and notes the time since.
	 */
	async recovery(since: number, topic?: string): Promise<void> {
		// Twice, because the first records may belong to a transaction that was about to end when
		// the fault struck.
		await this.#newRecords(topic);
		this.recoveredIn((await this.#newRecords(topic)) - since);
	}

	/**
	 * For a handover of work: notes the longest time without a new record of a partition, from
	 * `since` until all have new ones.
	 */
	async handedOver(since: number): Promise<void> {
		await this.flowing(2);
		const { topicWiener } = this.stream.settings;
		this.recoveredIn(
			this.reader.longestSilence(topicWiener, this.checker.partitions, since),
		);
	}

	/** Adds a recovery that the caller has timed. */
	recoveredIn(ms: number): void {
		this.#times++;
		this.#recoveredMs.push(ms);
	}

	/** Adds a fault that is not timed. */
	count(): void {
		this.#times++;
	}

	/** Throws what the concurrent reader has found so far. */
	assertSound(): void {
		if (this.reader.failure !== undefined) throw this.reader.failure;
		if (this.checker.problems.length > 0)
			throw new Error(
				`the concurrent reader found:\n${this.checker.problems.join("\n")}`,
			);
	}

	/** Checks all conditions that must hold at the end. Returns what to print. */
	async finish(): Promise<FaultResult> {
		const counts = await afterFault(this, this.#services);
		return {
			fault: this.#options.fault,
			times: this.#times,
			recoveredMs: this.#recoveredMs,
			ticks: counts.applied,
			deadLetters: counts.deadLetters,
			audit: "clean",
		};
	}

	/** Stops everything that is left, whatever happened. */
	async end(): Promise<void> {
		await Promise.all(
			this.#services.map(async (service) => {
				if (service.ended) return;
				service.signal("SIGCONT");
				await service.kill();
			}),
		);
		await this.reader.close();
	}

	/** The services' last log lines, for the error of a failed run. */
	tails(): string {
		return this.#services
			.map(
				(s) => `--- ${s.name} ${s.pid}${s.ended ? ", ended" : ""}\n${s.tail()}`,
			)
			.join("\n");
	}

	/** When (performance.now()) each partition first had a record beyond the end it has now. */
	async #newRecords(topic = this.stream.settings.topicWiener): Promise<number> {
		const ends = await waitFor("the ends of the topic", () => this.ends(topic));
		const at = await this.reader.reached(topic, ends, RECOVERY_MAX_MS);
		this.assertSound();
		return at;
	}
}
