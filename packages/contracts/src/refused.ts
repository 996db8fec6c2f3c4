/** Why a record of `metronome` cannot become a step of a path: it goes to the topic `dead-letter` under one of these codes. */

/** The closed set of codes, in the order in which they are looked for. */
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

/** code: the header `error-code`. message: the header `error-message`, not yet cut to its length. */
export class Refused extends Error {
	override readonly name = "Refused";
	readonly code: RefusedCode;

	constructor(code: RefusedCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
	}
}
