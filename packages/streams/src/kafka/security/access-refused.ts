/** Kafka, or who gives the tokens for it, does not let us in: whoever restarts us meets the same until somebody changes something. */
import { StreamsError, type StreamsErrorCode } from "../../errors.ts";

/** Thrown into kafkajs, which is not to try again. Without a cause: kafkajs would keep that and lose this. */
export class AccessRefused extends Error {
	override name = "AccessRefused";
	readonly retriable = false;
}

/** How we present ourselves, for messages; nothing secret. */
export interface Access {
	brokers: readonly string[];
	tls: boolean;
	/** `the user "x" (SASL PLAIN)`; undefined: not by SASL. */
	identity: string | undefined;
}

const SASL_TYPES = new Set([
	"SASL_AUTHENTICATION_FAILED",
	"UNSUPPORTED_SASL_MECHANISM",
	"ILLEGAL_SASL_STATE",
]);
/** The broker's certificate does not hold, or it does not take ours: OpenSSL's and Node's codes. */
const TLS_CODES =
	/^(UNABLE_TO_(GET|VERIFY|DECODE|DECRYPT)_\w+|(DEPTH_ZERO_)?SELF_SIGNED_CERT\w*|CERT_\w+|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH|ERR_TLS_CERT_\w+|ERR_SSL_[\w/]*ALERT\w*)$/;
/** The broker has ended the handshake: OpenSSL's text for it helps nobody. */
const ALERT = /ALERT/;
const CAUSES_MAX = 8;

/** What kafkajs's errors and the system's have beside a message. */
type KafkaError = Error & { type?: string; code?: string; broker?: string };

/** What to say of an error that nothing but a change of settings, certificates or the broker's users mends; undefined for all others. */
export function refusalIn(error: unknown, access: Access): string | undefined {
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

/** The error as the port's callers know it: access-refused or group-occupied where it is that, else the code given. */
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
		return new StreamsError(code, `${what}: ${message}`, { cause: error });
	};
