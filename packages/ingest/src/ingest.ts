/**
 * Ingests a file: finds out what it holds, publishes the stream, and writes every row exactly once.
 * After a failure the source is opened again, and its changelog says which row is next.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { TopicSettings, TopicSpec } from "@fireworks/contracts";
import {
	catalogTopic,
	deadLetterTopicOf,
	publish,
	readCatalog,
	topicOf,
} from "@fireworks/pipeline";
import {
	type Log,
	openSource,
	type Source,
	StreamsError,
	systemClock,
} from "@fireworks/streams";
import { InputError } from "./errors.ts";
import { type ColumnOptions, inferColumns } from "./infer/columns.ts";
import {
	type PlanOptions,
	planKnown,
	planNew,
	planText,
} from "./infer/plan.ts";
import { type TimeOptions, timeColumn } from "./infer/time-column.ts";
import { type OpenOptions, openFile } from "./read/open-file.ts";
import type { SourceFile } from "./read/source-file.ts";
import { RowEncoder } from "./write/encode.ts";
import type { PaceOptions } from "./write/pace.ts";
import {
	changelogOf,
	type FileIdentity,
	type FileProgress,
	type IngestPosition,
	identityOf,
	positionOf,
	transactionalIdOf,
} from "./write/position.ts";
import { IngestSession } from "./write/session.ts";

export interface IngestOptions
	extends OpenOptions,
		ColumnOptions,
		TimeOptions,
		PlanOptions,
		PaceOptions {
	readonly shiftToNow?: boolean | undefined;
	/** Read the file from its beginning again, as if it were another one. */
	readonly again?: boolean | undefined;
	/** Only say what the file holds. */
	readonly dryRun?: boolean | undefined;
}

export interface IngestContext {
	readonly log: Log;
	readonly settings: TopicSettings;
	readonly signal: AbortSignal;
	/** A line for the person who started it. */
	say(line: string): void;
}

const TRANSACTION_TIMEOUT_MS = 30_000;
const RESTORE_TIMEOUT_MS = 30_000;
const FAILURES_MAX = 10;
const BACKOFF_MS = { first: 200, max: 5_000 } as const;

/** The progress at the end; undefined after a dry run. Throws InputError and StreamsError. */
export async function ingest(
	path: string,
	options: IngestOptions,
	context: IngestContext,
): Promise<FileProgress | undefined> {
	const { log, settings, say } = context;
	const file = await openFile(path, options);
	try {
		const identity = await identityOf(path);
		const columns = inferColumns(file, await file.sample(), options);
		const entry = (await readCatalog(log)).get(options.stream);
		const time = timeColumn(
			columns,
			entry === undefined || entry.time === "@timestamp"
				? options
				: { ...options, time: options.time ?? sameName(file, entry.time.path) },
		);
		const plan =
			entry === undefined
				? planNew(columns, time, options)
				: planKnown(columns, time, entry, options);
		say(`${path}: ${file.dialect}`);
		say(planText(columns, plan));
		if (options.dryRun === true) return undefined;
		const deadLetter = deadLetterTopicOf(settings);
		const partitions = await partitionsOf(log, options.stream, settings);
		await log.ensureTopics([
			{ ...topicOf(plan.description, settings), partitions },
			changelogTopic(options.stream, settings),
			deadLetter,
		]);
		await publish({
			log,
			settings,
			streams: plan.known ? [] : [plan.description],
		});
		return await retrying(
			context,
			async (source) => {
				const position = checked(
					positionOf(source.position),
					identity,
					options,
				);
				return new IngestSession({
					source,
					position,
					file,
					identity,
					encoder: new RowEncoder(plan, partitions),
					stream: options.stream,
					deadLetterTopic: deadLetter.name,
					deadLetterPartitions: deadLetter.partitions,
					pace: options,
					shiftToNow: options.shiftToNow === true,
					clock: systemClock,
					signal: context.signal,
					onProgress: progressLine(say),
				}).run();
			},
			options.stream,
		);
	} finally {
		await file.close();
	}
}

const sameName = (file: SourceFile, path: string): string | undefined =>
	file.columns.some((column) => column.name === path) ? path : undefined;

/** A topic that exists keeps its number of partitions. */
const partitionsOf = async (
	log: Log,
	topic: string,
	{ partitions }: TopicSettings,
): Promise<number> => (await log.offsets(topic))?.length ?? partitions;

/** Opens the source, works, and opens it again after a failure that another try can solve. */
async function retrying<T>(
	{ log, signal, say }: IngestContext,
	work: (source: Source) => Promise<T>,
	stream: string,
): Promise<T> {
	const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
	for (let failures = 0; ; ) {
		let source: Source | undefined;
		try {
			source = await openSource({
				log,
				transactionalId: transactionalIdOf(stream),
				changelogTopic: changelogOf(stream),
				owner,
				transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
				restoreTimeoutMs: RESTORE_TIMEOUT_MS,
				signal,
			});
			return await work(source);
		} catch (error) {
			if (!(error instanceof StreamsError) || error.fatal || signal.aborted)
				throw error;
			if (error.code === "fenced" && (await source?.superseded()) !== false)
				throw new StreamsError(
					"fenced",
					`another ingest into ${stream} has started: this one stops`,
				);
			failures++;
			if (failures >= FAILURES_MAX) throw error;
			say(`${error.message}: opening the source again`);
			await systemClock.sleep(
				Math.min(BACKOFF_MS.first * 2 ** failures, BACKOFF_MS.max),
				signal,
			);
		} finally {
			await source?.close().catch(() => {});
		}
	}
}

/** The position without this file if it is to be read again; throws if the file has changed. */
function checked(
	position: IngestPosition,
	{ path, size, hash }: FileIdentity,
	{ again = false, stream }: IngestOptions,
): IngestPosition {
	const known = position.files[path];
	if (known === undefined) return position;
	// A run that failed and opens its source again goes on with what it has written.
	if (again && !restarted.has(path)) {
		restarted.add(path);
		const { [path]: _old, ...files } = position.files;
		return { files };
	}
	if (known.size === size && known.hash === hash) return position;
	throw new InputError(
		`${path} has changed since ${known.rows} of its rows were written to ${stream}. Pass --again to write it from its beginning, as another file`,
	);
}
const restarted = new Set<string>();

const changelogTopic = (stream: string, s: TopicSettings): TopicSpec => ({
	...catalogTopic(s),
	name: changelogOf(stream),
});

const PROGRESS_EVERY_MS = 2_000;

function progressLine(say: (line: string) => void) {
	let last = systemClock.now();
	return ({ rows }: FileProgress) => {
		if (systemClock.now() - last < PROGRESS_EVERY_MS) return;
		last = systemClock.now();
		say(`${rows} rows read`);
	};
}
