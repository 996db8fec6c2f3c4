/** Records of a stream that are not shown: counted by reason, for clients, metrics and log. */
import type { StreamProblemsFrame } from "@fireworks/contracts";
import type { RecordProblem, RecordRefusal } from "@fireworks/pipeline";
import type { Clock } from "@fireworks/time";
import {
	ChangeVersion,
	ProblemLog,
	type ProblemLogger,
	RecordProblems,
} from "../problems/record-problems.ts";

/** Refusals quote values, which can be long. */
const EXAMPLE_CHARACTERS_MAX = 400;

/** One reason for all records with the same defect, whatever their values are. */
const REASONS: Readonly<Record<RecordProblem, (field: string) => string>> = {
	"no-value": () => "no value",
	"bad-encoding": () => "not UTF-8",
	"bad-json": () => "no JSON",
	"not-an-object": () => "not a JSON object",
	"bad-field": (field) => `${field} does not fit the schema`,
	"bad-key": (field) => `no key at ${field}`,
	"bad-time": (field) => `no time at ${field}`,
	"time-without-zone": (field) => `a time without a zone at ${field}`,
	"time-ambiguous": (field) => `a local time that occurs twice at ${field}`,
	"time-does-not-exist": (field) =>
		`a local time that does not exist at ${field}`,
	"time-out-of-range": (field) => `a time out of range at ${field}`,
	"bad-measure": (field) => `no number at ${field}`,
};

export interface RecordPlace {
	readonly topic: string;
	readonly partition: number;
	readonly offset: number;
}

export class StreamProblems {
	readonly #log: ProblemLog;
	readonly #records: RecordProblems;
	readonly #change: ChangeVersion;
	#ahead: { count: number; example?: string } = { count: 0 };

	constructor(clock: Clock, logger: ProblemLogger) {
		this.#log = new ProblemLog(clock, logger);
		this.#records = new RecordProblems(this.#log);
		this.#change = new ChangeVersion(clock);
	}

	refused({ code, field, message }: RecordRefusal, at: RecordPlace): void {
		this.add(REASONS[code](field ?? ""), at, message);
	}

	/** more: what else the example says. */
	add(reason: string, at: RecordPlace, more: string): void {
		this.#records.add(reason, example(at, more));
		this.#change.changed();
	}

	/** A record whose time lies too far ahead of the wall clock was set aside. */
	ahead(key: string | null, timeMs: number, at: RecordPlace): void {
		const more = `${key === null ? "no key" : `key ${key}`}, ${isoOf(timeMs)}`;
		const count = this.#ahead.count + 1;
		this.#ahead = { count, example: example(at, more) };
		this.#change.changed();
		this.#log.warn(
			"ahead",
			this.#ahead,
			"a record whose time is more than 1 h ahead of the clock is set aside",
		);
	}

	/** Rises when the problems have changed; 0: there was never a problem. Call it regularly. */
	version(): number {
		return this.#change.now();
	}

	frame(): StreamProblemsFrame {
		return {
			type: "problems",
			records: this.#records.all(),
			ahead: this.#ahead,
		};
	}
}

const example = ({ topic, partition, offset }: RecordPlace, more: string) =>
	`topic ${topic}, partition ${partition}, offset ${offset}: ${more}`.slice(
		0,
		EXAMPLE_CHARACTERS_MAX,
	);

/** Times outside the range of a date are possible: a record's timestamp is any 64-bit integer. */
const isoOf = (ms: number): string =>
	Number.isNaN(new Date(ms).getTime())
		? `${ms} ms since 1970`
		: new Date(ms).toISOString();
