/**
 * Runs a stage: one session after another, until it is stopped or fails with an error that a
 * restart would not solve.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { StageTopics } from "@fireworks/contracts";
import type { Registry } from "prom-client";
import { StreamsError } from "../errors.ts";
import type { StreamsLogger } from "../kafka/logger.ts";
import type { Log } from "../log.ts";
import { backoffMs, type Clock, systemClock } from "../time.ts";
import { type TableNow, tableEnds } from "./broadcast-table.ts";
import { addressesOf, assertNameIsFree, identityOf } from "./identity.ts";
import { createStageMetrics } from "./metrics.ts";
import { prepareTopics, UNPREPARED } from "./prepare-topics.ts";
import type { StateRead } from "./read-state.ts";
import { type RefusedKey, RefusedKeys } from "./refused-keys.ts";
import {
	STAGE_DEFAULTS,
	type StageOptions,
	type StageRuntime,
} from "./runtime.ts";
import { Session } from "./session.ts";
import type { Stage } from "./stage.ts";
import { OldRecords } from "./written-topics.ts";

const BACKOFF = { firstMs: 100, maxMs: 5_000 } as const;
/** After a session that lasted this long the back-off starts from the beginning. */
const GOOD_SESSION_MS = 10_000;

export interface RunStageOptions<I, S, O> {
	stage: Stage<I, S, O>;
	topics: StageTopics;
	log: Log;
	logger: StreamsLogger;
	registry: Registry;
	options: Partial<StageOptions> & { groupId: string };
	signal: AbortSignal;
	clock?: Clock;
	/** Where this process answers for its states; the others learn it from the group. */
	address?: string;
}

export interface RunningStage {
	/** Resolves when the stage has stopped in order; rejects with a fatal StreamsError. */
	readonly ended: Promise<void>;
	/** Why the stage does not work now; undefined while it works. */
	notReady(): string | undefined;
	/** Keys whose newest record was refused. */
	refused(): { total: number; keys: RefusedKey[] };
	/** The state of a key. */
	read(key: string): Promise<StateRead>;
	/** The addresses of the stage's other processes, as far as the group says them now. */
	addresses(): Promise<readonly string[]>;
	/** This process's name in its barriers. */
	readonly owner: string;
	/** How far the broadcast table was read; undefined: not read now. */
	table(): TableNow | undefined;
	/** Why the process must be restarted; undefined while the stage can still recover by itself. */
	notLive(): string | undefined;
}

/**
 * Restart the process after this many consecutive failures of sessions that had joined. An
 * unreachable broker does not count.
 */
const FAILURES_MAX = 20;

/** Starts the stage; it works from now on. */
export function runStage<I, S, O>(
	options: RunStageOptions<I, S, O>,
): RunningStage {
	const refused = new RefusedKeys(options.stage.name, options.logger);
	const { clock = systemClock } = options;
	const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
	const runtime: StageRuntime<I, S, O> = {
		stage: options.stage,
		topics: options.topics,
		prepared: { current: UNPREPARED },
		table: { current: undefined },
		options: { ...STAGE_DEFAULTS, ...options.options },
		log: options.log,
		logger: options.logger,
		metrics: createStageMetrics(options.registry, () => refused.countByCode()),
		refused,
		old: new OldRecords(options.stage.name, options.logger),
		clock,
		owner,
		identity: identityOf(
			options.stage,
			options.topics,
			owner,
			clock.now(),
			options.address,
		),
	};
	let session: Session<I, S, O> | undefined;
	let waiting: string | undefined = "starting";
	/**
	 * Whether this process waits for another engine's members to leave the group, like a member
	 * that waits for partitions.
	 */
	let standsBy = false;
	let failures = 0;
	let joinedFailures = 0;

	const prepare = async (): Promise<void> => {
		const { log, topics, prepared, stage } = runtime;
		// A process that is a member already came before us.
		runtime.identity = { ...runtime.identity, since: Number.POSITIVE_INFINITY };
		await assertNameIsFree(
			log,
			options.options.groupId,
			runtime.identity,
			clock,
			options.signal,
		);
		runtime.identity = { ...runtime.identity, since: clock.now() };
		if (stage.broadcast !== undefined)
			await tableEnds(log, stage.broadcast.topic);
		prepared.current = await prepareTopics(log, topics, prepared.current);
	};

	/** The time-out that a broker allows unless it is set otherwise. */
	const allowSession = (): void => {
		const { sessionTimeoutMs } = STAGE_DEFAULTS;
		if (runtime.options.sessionTimeoutMs >= sessionTimeoutMs) return;
		runtime.options = { ...runtime.options, sessionTimeoutMs };
	};

	const work = async (): Promise<void> => {
		const { clock, logger, metrics, stage } = runtime;
		while (!options.signal.aborted) {
			const started = clock.now();
			try {
				waiting = "preparing the topics";
				session = undefined;
				await prepare();
				session = new Session(runtime);
				waiting = undefined;
				await session.run(options.signal);
				return;
			} catch (error) {
				const failure =
					error instanceof StreamsError
						? error
						: new StreamsError("group-failed", (error as Error).message, {
								cause: error,
							});
				if (failure.fatal) throw failure;
				if (failure.code === "session-timeout-refused") allowSession();
				if (clock.now() - started > GOOD_SESSION_MS) {
					failures = 0;
				}
				if (session?.joined) joinedFailures++;
				else joinedFailures = 0;
				metrics.failures.inc({ code: failure.code });
				const waitMs = backoffMs(failures, BACKOFF);
				failures++;
				standsBy = failure.code === "group-occupied";
				waiting = `${failure.code}: ${failure.message}`;
				logger.warn(
					{
						stage: stage.name,
						code: failure.code,
						reason: failure.message,
						backoffMs: waitMs,
					},
					"not working: trying again",
				);
				await clock.sleep(waitMs, options.signal);
			}
		}
	};

	return {
		ended: work(),
		// Standing by counts as ready. Otherwise a rollout from one engine to the other would wait
		// forever: the old members leave only once the new one is ready.
		notReady: () =>
			standsBy && !session?.joined
				? undefined
				: (waiting ?? session?.notReady()),
		refused: () => refused.list(),
		read: async (key) =>
			(await session?.read(key)) ?? {
				where: "unknown",
				reason: waiting ?? "starting",
			},
		addresses: () =>
			addressesOf(runtime.log, runtime.options.groupId, runtime.identity),
		owner,
		table: () => runtime.table.current?.now,
		notLive: () =>
			joinedFailures > FAILURES_MAX
				? `${joinedFailures} failures in a row, the last: ${waiting}`
				: undefined,
	};
}
