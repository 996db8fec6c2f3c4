/** Runs a stage: one session after another, until it is stopped or a restart would not help. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { StageTopics } from "@fireworks/contracts";
import type { Registry } from "prom-client";
import { StreamsError } from "../errors.ts";
import type { StreamsLogger } from "../kafka/logger.ts";
import type { Log } from "../log.ts";
import { systemClock } from "../system-clock.ts";
import { createStageMetrics } from "./metrics.ts";
import {
	type Clock,
	STAGE_DEFAULTS,
	type StageOptions,
	type StageRuntime,
} from "./runtime.ts";
import { Session } from "./session.ts";
import type { Stage } from "./stage.ts";

const BACKOFF_MS = { first: 100, max: 5_000 } as const;
/** A session that lived so long has been a good one: the back-off starts anew. */
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
}

export interface RunningStage {
	/** Resolves when the stage has stopped in order; rejects with a fatal StreamsError. */
	readonly ended: Promise<void>;
	/** Why it does not work now; undefined where it does. */
	notReady(): string | undefined;
	/** Why a restart of the process would help; undefined where it would not. */
	notLive(): string | undefined;
}

/** Troubles in a row of sessions that had joined, after which the process had better be restarted; a broker that is away is none. */
const TROUBLES_MAX = 20;

/** Starts the stage; it works from now on. */
export function runStage<I, S, O>(
	options: RunStageOptions<I, S, O>,
): RunningStage {
	const runtime: StageRuntime<I, S, O> = {
		stage: options.stage,
		topics: options.topics,
		options: { ...STAGE_DEFAULTS, ...options.options },
		log: options.log,
		logger: options.logger,
		metrics: createStageMetrics(options.registry),
		clock: options.clock ?? systemClock,
		owner: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`,
	};
	let session: Session<I, S, O> | undefined;
	let waiting: string | undefined = "starting";
	/** Waits for another engine's members to leave the group, as one without partitions waits for partitions. */
	let standsBy = false;
	let troubles = 0;
	let joinedTroubles = 0;

	const prepare = async (): Promise<void> => {
		const { log, topics } = runtime;
		await log.ensureTopics([
			topics.output,
			topics.changelog,
			topics.deadLetter,
			...(topics.sideOutputs ?? []),
		]);
		const input = await log.offsets(topics.input);
		if (input === undefined)
			throw new StreamsError(
				"group-failed",
				`the topic ${topics.input} is not there yet`,
			);
		if (input.length !== topics.changelog.partitions) {
			throw new StreamsError(
				"topic-mismatch",
				`the topic ${topics.input} has ${input.length} partitions, not ${topics.changelog.partitions}: set FIREWORKS_PARTITIONS to what it has`,
			);
		}
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
				const trouble =
					error instanceof StreamsError
						? error
						: new StreamsError("group-failed", (error as Error).message, {
								cause: error,
							});
				if (trouble.fatal) throw trouble;
				if (clock.now() - started > GOOD_SESSION_MS) {
					troubles = 0;
				}
				if (session?.joined) joinedTroubles++;
				else joinedTroubles = 0;
				metrics.troubles.inc({ code: trouble.code });
				const backoffMs = Math.min(
					BACKOFF_MS.first * 2 ** troubles,
					BACKOFF_MS.max,
				);
				troubles++;
				standsBy = trouble.code === "group-occupied";
				waiting = `${trouble.code}: ${trouble.message}`;
				logger.warn(
					{
						stage: stage.name,
						code: trouble.code,
						reason: trouble.message,
						backoffMs,
					},
					"not working: trying again",
				);
				await clock.sleep(backoffMs, options.signal);
			}
		}
	};

	return {
		ended: work(),
		// Not ready, it would keep a rollout from one engine to the other waiting for ever: the others leave once it is ready.
		notReady: () =>
			standsBy && !session?.joined
				? undefined
				: (waiting ?? session?.notReady()),
		notLive: () =>
			joinedTroubles > TROUBLES_MAX
				? `${joinedTroubles} troubles in a row, the last: ${waiting}`
				: undefined,
	};
}
