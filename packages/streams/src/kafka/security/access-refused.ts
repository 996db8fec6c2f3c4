/**
 * Kafka, or the server that issues tokens for it, rejected us. A restart fails in the same way
 * until an operator changes something.
 */
import { StreamsError, type StreamsErrorCode } from "../../errors.ts";

/**
 * Thrown into kafkajs to stop its retries. It has no cause, because kafkajs would keep the cause
 * and lose this error.
 */
export class AccessRefused extends Error {
	override name = "AccessRefused";
	readonly retriable = false;
}

/** How we authenticate, for messages. Contains no secret. */
export interface Access {
	brokers: readonly string[];
	tls: boolean;
	/** Such as `the user "x" (SASL PLAIN)`; undefined without SASL. */
	identity: string | undefined;
}

const SASL_TYPES = new Set([
	"SASL_AUTHENTICATION_FAILED",
	"UNSUPPORTED_SASL_MECHANISM",
	"ILLEGAL_SASL_STATE",
]);
/**
 * OpenSSL's and Node's codes for: the broker's certificate is invalid, or the broker rejects ours.
 */
const TLS_CODES =
	/^(UNABLE_TO_(GET|VERIFY|DECODE|DECRYPT)_\w+|(DEPTH_ZERO_)?SELF_SIGNED_CERT\w*|CERT_\w+|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH|ERR_TLS_CERT_\w+|ERR_SSL_[\w/]*ALERT\w*)$/;
/** The broker has ended the handshake. OpenSSL's text for it is no help. */
const ALERT = /ALERT/;
const CAUSES_MAX = 8;

/** The fields that kafkajs's and the system's errors have in addition to a message. */
type KafkaError = Error & { type?: string; code?: string; broker?: string };

/**
 * The message for an error that goes away only if settings, certificates or the broker's users
 * change; undefined for all other errors.
 */
function refusalIn(error: unknown, access: Access): string | undefined {
	const brokers = access.brokers.join(",");
	let next = error;
	for (let i = 0; i < CAUSES_MAX && next instanceof Error; i++) {
		const { name, type = "", code = "", message, broker } = next as KafkaError;
		if (next instanceof AccessRefused) return message;
		if (name === "KafkaJSSASLAuthenticationError" || SASL_TYPES.has(type))
			return `Kafka at ${brokers} refused ${access.identity ?? "a client without SASL"}: ${message}`;
		if (TLS_CODES.test(code))
			return `the TLS connection to Kafka at ${broker ?? brokers} failed: ${ALERT.test(code) ? "it does not take the client's certificate, or wants one" : message.replace(/^Connection error: /, "")} (${code})`;
		next = next.cause;
	}
	return undefined;
}

/**
 * Converts an error for the port's callers: to access-refused or group-occupied if it is that,
 * otherwise to the given code.
 */
export type ToStreamsError = (
	error: unknown,
	code: StreamsErrorCode,
	what: string,
) => StreamsError;

export const toStreamsError =
	(access: Access): ToStreamsError =>
	(error, code, what) => {
		const refusal = refusalIn(error, access);
		if (refusal !== undefined)
			return new StreamsError("access-refused", refusal, { cause: error });
		const { message, type } = error as KafkaError;
		if (type === "INCONSISTENT_GROUP_PROTOCOL")
			return new StreamsError(
				"group-occupied",
				`${what}: it has members of another engine: waiting for them to leave (${message})`,
				{ cause: error },
			);
		if (type === "INVALID_SESSION_TIMEOUT")
			return new StreamsError(
				"session-timeout-refused",
				`${what}: ${message}`,
				{
					cause: error,
				},
			);
		return new StreamsError(code, `${what}: ${message}`, { cause: error });
	};
