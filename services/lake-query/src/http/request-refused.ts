/** A request that is not answered, with the reason for the client. */

/** The closed set of codes, with their status. */
const STATUS = {
	"bad-request": 400,
	/** DuckDB's own message. */
	"bad-sql": 400,
	"not-a-query": 400,
	unauthorized: 401,
	"page-not-allowed": 403,
	"host-not-allowed": 403,
	"unknown-stream": 404,
	"method-not-allowed": 405,
	"body-too-slow": 408,
	"body-too-large": 413,
	"too-slow": 422,
	"too-much-memory": 422,
	"too-many-requests": 429,
	failed: 500,
	stopping: 503,
} as const;

export type RefusalCode = keyof typeof STATUS;

export class RequestRefused extends Error {
	override readonly name = "RequestRefused";
	readonly code: RefusalCode;
	readonly status: number;

	constructor(code: RefusalCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
		this.status = STATUS[code];
	}
}
