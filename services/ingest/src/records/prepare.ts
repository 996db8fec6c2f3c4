/** Makes of a body what is written: records of the stream, dead letters, and the answer. */
import { isUtf8 } from "node:buffer";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
	type Decoded,
	deadLetterOfInput,
	parseLossless,
} from "@fireworks/pipeline";
import type { OutgoingRecord } from "@fireworks/streams";
import { RequestRefused } from "../http/request-refused.ts";
import { RECORD_BYTES_MAX, RECORDS_MAX, SLICE_RECORDS } from "../limits.ts";
import type { OpenStream } from "../streams/open-stream.ts";
import { type Answer, AnswerBuilder } from "./answer.ts";
import { jsonTexts, NotJson, ndjsonTexts, type RecordText } from "./split.ts";

export type BodyFormat = "json" | "ndjson";

export interface Prepared {
	readonly records: readonly OutgoingRecord[];
	readonly deadLetters: readonly OutgoingRecord[];
	/** Refused records by code. */
	readonly reasons: ReadonlyMap<string, number>;
	readonly answer: Answer;
}

/** now: ms since 1970. Throws RequestRefused. */
export async function prepare(
	body: Buffer,
	format: BodyFormat,
	stream: OpenStream,
	deadLetterPartitions: number,
	now: number,
): Promise<Prepared> {
	if (format === "json" && !isUtf8(body))
		throw new RequestRefused("bad-encoding", "the body is not UTF-8");
	const records: OutgoingRecord[] = [];
	const deadLetters: OutgoingRecord[] = [];
	const reasons = new Map<string, number>();
	const answer = new AnswerBuilder();
	let count = 0;
	try {
		for (const text of format === "json"
			? jsonTexts(body)
			: ndjsonTexts(body)) {
			check(text, ++count);
			const turn = stream.nextTurn();
			const { record, refusal } = decode(text, format, stream, now);
			if (record !== undefined) {
				answer.accept();
				records.push(stream.toOutgoing(record, text.bytes, turn));
			} else {
				const { line } = text;
				const { code, message, field } = refusal;
				answer.refuse({
					line,
					code,
					message,
					...(field === null ? {} : { path: field }),
				});
				reasons.set(code, (reasons.get(code) ?? 0) + 1);
				deadLetters.push(
					deadLetterOfInput(
						{
							code,
							message,
							source: `http:/streams/${stream.name}`,
							stream: stream.name,
							value: text.bytes,
							partition: turn % deadLetterPartitions,
							headers: { "source-line": String(line) },
						},
						now,
					),
				);
			}
			if (count % SLICE_RECORDS === 0) await nextTurn();
		}
	} catch (error) {
		if (!(error instanceof NotJson)) throw error;
		throw new RequestRefused("bad-json", error.message, { cause: error });
	}
	if (count === 0 && format === "ndjson")
		throw new RequestRefused("no-records", "the body has no records");
	return { records, deadLetters, reasons, answer: answer.answer() };
}

/** What Kafka cannot take cannot become a dead letter either, so it refuses the whole request. */
function check({ line, bytes }: RecordText, count: number): void {
	if (count > RECORDS_MAX)
		throw new RequestRefused(
			"too-many-records",
			`the body has more than ${RECORDS_MAX} records: send several requests`,
		);
	if (bytes.length > RECORD_BYTES_MAX)
		throw new RequestRefused(
			"record-too-large",
			`record ${line} has ${bytes.length} bytes, more than ${RECORD_BYTES_MAX}`,
		);
}

/**
 * A line that is not JSON is a refused record: the other lines can be read all the same. If an
 * element of an array is not JSON, then the body is not.
 */
function decode(
	{ line, bytes }: RecordText,
	format: BodyFormat,
	{ decoder }: OpenStream,
	now: number,
): Decoded {
	if (format === "ndjson" && !isUtf8(bytes))
		return {
			refusal: {
				code: "bad-encoding",
				field: null,
				message: "the line is not UTF-8",
			},
		};
	let value: unknown;
	try {
		value = parseLossless(bytes.toString("utf8"));
	} catch (error) {
		const { message } = error as Error;
		if (format === "json")
			throw new NotJson(`record ${line} is not JSON: ${message}`);
		return {
			refusal: {
				code: "bad-json",
				field: null,
				message: `the line is not JSON: ${message}`,
			},
		};
	}
	return decoder.json(value, now);
}
