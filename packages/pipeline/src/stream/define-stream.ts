/** Defines a stream: one definition says all that any part of the system needs to know. */
import type { TopicSettings, TopicSpec } from "@fireworks/contracts";
import { DeadLetter } from "@fireworks/streams";
import type { z } from "zod";
import { partsOf, valueAt } from "../paths.ts";
import { toJsonSchema } from "../schema/json-schema.ts";
import { timeReader } from "../time/read-time.ts";
import {
	RECORD_TIMESTAMP,
	TimeRefused,
	type TimeSpec,
} from "../time/time-spec.ts";
import {
	DefinitionError,
	type DefinitionProblem,
	nameProblems,
	problemsOf,
} from "./check.ts";
import type { Measure, StreamDescription } from "./description.ts";
import { durationMs } from "./duration.ts";

export interface StreamOptions<T> {
	/** Also the topic. */
	name: string;
	/** What a record's JSON is. */
	schema: z.ZodType<T>;
	/** Path of the key. Without it the records have no key. */
	key?: string;
	time: TimeSpec;
	/** The numbers that are drawn, by their paths. Default: none. */
	measures?: Readonly<Record<string, Measure>>;
	/**
	 * How long Kafka keeps a record: 7d, 12h, or forever. It counts from when the record was
	 * appended, unless `by` says event. Default: 7d.
	 */
	retention?: string | { keep: string; by: "append" | "event" };
	/** Whether the lake keeps the stream as a table. Default: true. */
	table?: boolean;
}

export interface StreamDefinition<T = unknown> {
	readonly name: string;
	readonly schema: z.ZodType<T>;
	readonly description: StreamDescription;
	/**
	 * The event time of a value, as the definition says; timestamp: of its record. Throws DeadLetter
	 * for a value without one. So operators of packages/streams can read the stream.
	 */
	time(value: T, timestamp: number): number;
}

const DEFAULT_RETENTION = "7d";

/** Throws DefinitionError with every problem. */
export function defineStream<T>(
	options: StreamOptions<T>,
): StreamDefinition<T> {
	const { name, schema } = options;
	const problems: DefinitionProblem[] = [];
	const retention = retentionOf(options, problems);
	try {
		const description: StreamDescription = {
			name,
			schema: toJsonSchema(schema),
			key: options.key ?? null,
			time: options.time,
			measures: options.measures ?? {},
			retention,
			table: options.table ?? true,
		};
		problems.unshift(...problemsOf(description));
		if (problems.length === 0)
			return { name, schema, description, time: eventTimeOf(options.time) };
	} catch (error) {
		problems.unshift(...nameProblems(name), {
			at: "schema",
			problem: (error as Error).message,
		});
	}
	throw new DefinitionError(`stream ${JSON.stringify(name)}`, problems);
}

function eventTimeOf(
	spec: TimeSpec,
): (value: unknown, timestamp: number) => number {
	if (spec === RECORD_TIMESTAMP) return (_value, timestamp) => timestamp;
	const read = timeReader(spec);
	const parts = partsOf(spec.path);
	return (value) => {
		try {
			return read(valueAt(value, parts));
		} catch (error) {
			if (!(error instanceof TimeRefused)) throw error;
			throw new DeadLetter(error.code, `${spec.path}: ${error.message}`);
		}
	};
}

function retentionOf(
	{ retention = DEFAULT_RETENTION, time }: StreamOptions<unknown>,
	problems: DefinitionProblem[],
): StreamDescription["retention"] {
	const { keep, by } =
		typeof retention === "string"
			? {
					keep: retention,
					// The record's timestamp must stay the event time where it is the only one.
					by:
						time === RECORD_TIMESTAMP
							? ("event" as const)
							: ("append" as const),
				}
			: retention;
	const ms = keep === "forever" ? null : durationMs(keep);
	if (ms === undefined)
		problems.push({
			at: "retention",
			problem: `${JSON.stringify(keep)} is not a duration: use 90s, 30m, 12h, 7d or forever`,
		});
	if (time === RECORD_TIMESTAMP && by === "append")
		problems.push({
			at: "retention",
			problem: `by append replaces the records' timestamps, which are this stream's time: use by: "event"`,
		});
	return { ms: ms ?? null, by };
}

/**
 * The stream's topic. By append time, Kafka stamps the records itself: data of the year 2010 would
 * otherwise be deleted as soon as it was written.
 */
export const topicOf = (
	{ name, retention }: StreamDescription,
	settings: Pick<
		TopicSettings,
		"partitions" | "replicationFactor" | "topicConfigs"
	>,
): TopicSpec => ({
	name,
	partitions: settings.partitions,
	replicationFactor: settings.replicationFactor,
	cleanup: "delete",
	config: {
		"cleanup.policy": "delete",
		...(settings.topicConfigs === "own"
			? {
					"retention.ms": String(retention.ms ?? -1),
					"message.timestamp.type":
						retention.by === "append" ? "LogAppendTime" : "CreateTime",
					"message.timestamp.after.max.ms": "9223372036854775807",
				}
			: {}),
	},
});
