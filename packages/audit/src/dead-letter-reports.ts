/** The findings about dead letters. */
import { DEAD_LETTER_HEADERS, type RefusedCode } from "@fireworks/contracts";
import type { PartitionContext } from "./context.ts";
import type { DeadLetter } from "./dead-letter-reader.ts";
import type { DeadLetterSource } from "./dead-letter-source.ts";
import type { Finding } from "./findings.ts";
import { showText } from "./show.ts";

/** A refused record of `metronome`. */
export interface RefusedSource extends DeadLetterSource {
	readonly code: RefusedCode;
}

type Details = Pick<Finding, "kind" | "expected" | "found"> &
	Partial<Pick<Finding, "deviceId" | "seq" | "field">>;

export class DeadLetterReports {
	readonly #context: PartitionContext;

	constructor(context: PartitionContext) {
		this.#context = context;
	}

	/** Reports each part that differs. */
	compare(refused: RefusedSource, letter: DeadLetter): void {
		const { deviceId, seq } = refused;
		const kind = "wrong-dead-letter";
		const add = (field: string, expected: string, found: string) => {
			if (expected === found) return;
			this.#add(letter.offset, { kind, deviceId, seq, field, expected, found });
		};
		add(DEAD_LETTER_HEADERS.code, refused.code, letter.code);
		add("key", refused.key, letter.key);
		add("value", refused.value, letter.value);
	}

	missing({ code, offset, deviceId, seq }: RefusedSource): void {
		const { findings, topics, range } = this.#context;
		findings.add({
			kind: "missing-dead-letter",
			topic: topics.metronome,
			partition: range.partition,
			offset,
			deviceId,
			seq,
			expected: `a dead letter with code ${code}`,
			found: "none",
		});
	}

	duplicated(letter: DeadLetter): void {
		this.#add(letter.offset, {
			kind: "duplicated-dead-letter",
			deviceId: letter.deviceId,
			expected: `one dead letter for source offset ${letter.sourceOffset}`,
			found: "another one",
		});
	}

	unexpected(letter: DeadLetter): void {
		const source = `source offset ${letter.sourceOffset}`;
		this.#add(letter.offset, {
			kind: "unexpected-dead-letter",
			deviceId: letter.deviceId,
			expected: `none: no record that is refused at ${source}`,
			found: `one with code ${showText(letter.code)}`,
		});
	}

	wrongPartition(letter: DeadLetter): void {
		this.#add(letter.offset, {
			kind: "wrong-partition",
			deviceId: letter.deviceId,
			expected: `partition ${letter.sourcePartition}, its source's`,
			found: `partition ${this.#context.range.partition}`,
		});
	}

	unreadable(offset: number, why: string): void {
		const [kind, expected] = ["unreadable-record", "a dead letter"] as const;
		this.#add(offset, { kind, expected, found: why });
	}

	#add(offset: number, details: Details): void {
		const { findings, topics, range } = this.#context;
		findings.add({
			topic: topics.deadLetter,
			partition: range.partition,
			offset,
			deviceId: null,
			seq: null,
			...details,
		});
	}
}
