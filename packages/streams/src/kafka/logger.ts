/** kafkajs's log as ours, one level down: what it calls an error is mostly a retry; what matters reaches our log as a failure. */
import kafkajs, { type logCreator } from "kafkajs";

const { logLevel } = kafkajs;

/** The part of a logger (pino's, say) that Fireworks' packages use. */
export interface StreamsLogger {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
}

export const kafkaLogCreator =
	(logger: StreamsLogger): logCreator =>
	() =>
	({ namespace, level, log }) => {
		const { message, timestamp: _, logger: __, stack: ___, ...rest } = log;
		const fields = { kafkajs: namespace, ...rest };
		if (level === logLevel.ERROR) logger.warn(fields, message);
		else logger.debug(fields, message);
	};
