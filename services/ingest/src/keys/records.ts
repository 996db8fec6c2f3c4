/** The records of the topics of Idempotency-Keys. */
import type { LogRecord, OutgoingRecord } from "@fireworks/streams";
import { z } from "zod";

/** A stream's name has no slash, so the stream and the key stay apart. */
export const bookKey = (stream: string, key: string): string =>
	`${stream}/${key}`;

const answerSchema = z.object({
	/** SHA-256 of the request. */
	hash: z.string(),
	status: z.union([z.literal(200), z.literal(207)]),
	/** The answer's JSON. */
	body: z.string(),
});
export type StoredAnswer = z.infer<typeof answerSchema>;

const claimSchema = z.object({
	/** The transactional id that will write the request. */
	id: z.string(),
	/** The number of its session. */
	session: z.int(),
});
export type Claim = z.infer<typeof claimSchema>;

const sessionSchema = z.object({
	/** The transactional id that the transaction of this record has taken. */
	id: z.string(),
	/** The process; absent: taken from its owner, which had not answered. */
	owner: z.string().optional(),
});
export type SessionMark = z.infer<typeof sessionSchema>;

const record = (
	key: string | null,
	value: object,
	timestamp: number,
): OutgoingRecord => ({
	partition: 0,
	key,
	value: JSON.stringify(value),
	timestamp,
});

export const answerRecord = (key: string, answer: StoredAnswer, now: number) =>
	record(key, answer, now);
export const claimRecord = (key: string, claim: Claim, now: number) =>
	record(key, claim, now);
export const sessionRecord = (mark: SessionMark, now: number) =>
	record(null, mark, now);

const reader =
	<T>(schema: z.ZodType<T>) =>
	({ value }: LogRecord): T | undefined => {
		try {
			return schema.safeParse(JSON.parse(String(value))).data;
		} catch {
			return undefined;
		}
	};

/** Undefined for a record of another form, which this service does not write. */
export const answerIn = reader(answerSchema);
export const claimIn = reader(claimSchema);
export const sessionIn = reader(sessionSchema);
