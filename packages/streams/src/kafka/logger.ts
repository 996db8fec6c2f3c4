/**
 * Passes kafkajs's log to ours, one level lower: what it calls an error is mostly a retry, and what
 * matters reaches our log as a failure. While a broker is unreachable, kafkajs repeats the same
 * message some twenty times a second. So each message is passed on at most once in ten seconds,
 * with the number of messages left out.
 */
import kafkajs, { type logCreator } from "kafkajs";

const { logLevel } = kafkajs;

/** The part of a logger (such as pino) that Fireworks' packages use. */
export interface StreamsLogger {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
}

/** Logged after back-to-back transactions; the next try a few milliseconds later succeeds. */
const CONCURRENT = /another concurrent operation on the same transaction/;
const SAME_MESSAGE_MS = 10_000;
/** Number of messages remembered. kafkajs has far fewer without numbers in them. */
const MESSAGES_MAX = 200;

export const kafkaLogCreator = (logger: StreamsLogger): logCreator => {
	const said = new Map<string, { at: number; leftOut: number }>();
	return () =>
		({ namespace, level, log }) => {
			const { message, timestamp: _, logger: __, stack: ___, ...rest } = log;
			const fields = { kafkajs: namespace, ...rest };
			const usual = CONCURRENT.test(`${message} ${String(rest.error)}`);
			if (level !== logLevel.ERROR || usual) {
				return logger.debug(fields, message);
			}
			const id = `${namespace} ${message}`;
			const before = said.get(id);
			const now = Date.now();
			if (before !== undefined && now - before.at < SAME_MESSAGE_MS) {
				before.leftOut++;
				return;
			}
			if (said.size >= MESSAGES_MAX) said.clear();
			said.set(id, { at: now, leftOut: 0 });
			const leftOut = before?.leftOut ?? 0;
			logger.warn(leftOut > 0 ? { ...fields, leftOut } : fields, message);
		};
};
