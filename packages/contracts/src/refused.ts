/**
 * Why a record of `metronome` cannot become a step of a path. Such a record goes to the topic
 * `dead-letter` with one of these codes.
 */

/** The closed set of codes, in the order of the checks. */
export const REFUSED_CODES = [
	"no-value",
	"bad-encoding",
	"bad-json",
	"bad-field",
	"bad-key",
	"wrong-partition",
	"clock-restarted",
	"time-not-increasing",
	"not-finite",
] as const;

export type RefusedCode = (typeof REFUSED_CODES)[number];

/** code: the header `error-code`. message: the header `error-message`, before it is shortened. */
export class Refused extends Error {
	override readonly name = "Refused";
	readonly code: RefusedCode;

	constructor(code: RefusedCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
	}
}
