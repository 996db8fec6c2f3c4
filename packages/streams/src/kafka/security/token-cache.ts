/** A token that is used until shortly before its end, and fetched once for all who ask at the same time. */
export interface Token {
	value: string;
	/** ms since 1970. */
	expiresAt: number;
}

/**
 * kafkajs authenticates anew 10 s before the broker ends a session, and the broker ends it with the token: one that is as near to its end
 * would be of no use then. A token that lives shorter is used for half of its time.
 */
const MARGIN_MS = 60_000;

export class TokenCache {
	readonly #fetch: () => Promise<Token>;
	readonly #now: () => number;
	#token: Token | undefined;
	#useUntil = 0;
	#fetching: Promise<Token> | undefined;

	constructor(fetch: () => Promise<Token>, now: () => number = Date.now) {
		this.#fetch = fetch;
		this.#now = now;
	}

	/** A token with time left; rejects as fetch does, and the next call tries again. */
	async get(): Promise<string> {
		if (this.#token !== undefined && this.#now() < this.#useUntil)
			return this.#token.value;
		this.#fetching ??= this.#renew().finally(() => {
			this.#fetching = undefined;
		});
		return (await this.#fetching).value;
	}

	/** A broker refused it. */
	drop(): void {
		this.#token = undefined;
	}

	async #renew(): Promise<Token> {
		const token = await this.#fetch();
		const livesMs = token.expiresAt - this.#now();
		this.#token = token;
		this.#useUntil = token.expiresAt - Math.min(MARGIN_MS, livesMs / 2);
		return token;
	}
}
