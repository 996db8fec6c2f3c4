/** A dead letter, and which of them a command is about. */
import { DEAD_LETTER_HEADERS } from "@fireworks/contracts";
import type { LogRecord } from "@fireworks/streams";

export interface Letter {
	readonly record: LogRecord;
	readonly code: string;
	readonly message: string;
	/** A topic, or `file:NAME` or `source:NAME` for what never was in a topic. */
	readonly source: string;
	/** undefined: the letter names none. */
	readonly partition: number | undefined;
	readonly offset: number | undefined;
	/** The stage that refused it; empty: it was not a stage of packages/streams. */
	readonly stage: string;
}

export interface LetterFilter {
	readonly stage?: string | undefined;
	readonly source?: string | undefined;
	readonly code?: string | undefined;
}

const WHOLE_NUMBER = /^\d{1,15}$/;
const whole = (text: string | undefined): number | undefined =>
	text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : undefined;

/** What a letter does not say is empty or undefined: other programs write to the topic too. */
export function letterOf(record: LogRecord): Letter {
	const { headers } = record;
	return {
		record,
		code: headers[DEAD_LETTER_HEADERS.code] ?? "",
		message: headers[DEAD_LETTER_HEADERS.message] ?? "",
		source: headers[DEAD_LETTER_HEADERS.topic] ?? "",
		partition: whole(headers[DEAD_LETTER_HEADERS.partition]),
		offset: whole(headers[DEAD_LETTER_HEADERS.offset]),
		stage: headers[DEAD_LETTER_HEADERS.stage] ?? "",
	};
}

export const matches = (
	letter: Letter,
	{ stage, source, code }: LetterFilter,
): boolean =>
	(stage === undefined || letter.stage === stage) &&
	(source === undefined || letter.source === source) &&
	(code === undefined || letter.code === code);

/** Where it lies in the dead letters' topic, as `show` takes it. */
export const placeOf = ({
	record: { partition, offset },
}: Pick<Letter, "record">): string => `${partition}/${offset}`;
