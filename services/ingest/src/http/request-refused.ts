/** A request that is refused as a whole: nothing of it is written. */

/** The closed set of codes, with their status. */
const STATUS = {
	"bad-json": 400,
	"bad-encoding": 400,
	"no-records": 400,
	"bad-idempotency-key": 400,
	"body-aborted": 400,
	unauthorized: 401,
	"page-not-allowed": 403,
	"unknown-stream": 404,
	"bad-path": 404,
	"method-not-allowed": 405,
	"body-too-slow": 408,
	"body-too-large": 413,
	"too-many-records": 413,
	"record-too-large": 413,
	"bad-content-type": 415,
	"idempotency-key-reused": 422,
	"too-many-requests": 429,
	"stream-unusable": 500,
	"not-ready": 503,
	"not-written": 503,
	/** The only one after which the records may be written. */
	"outcome-unknown": 503,
	stopping: 503,
} as const;

export type RequestProblem = keyof typeof STATUS;

export class RequestRefused extends Error {
	override readonly name = "RequestRefused";
	readonly code: RequestProblem;
	readonly status: number;

	constructor(code: RequestProblem, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
		this.status = STATUS[code];
	}
}
