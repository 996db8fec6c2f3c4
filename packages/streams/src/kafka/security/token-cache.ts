/** A token that is used until shortly before it expires. Concurrent callers share one fetch. */
export interface Token {
	value: string;
	/** ms since 1970. */
	expiresAt: number;
}

/**
 * kafkajs authenticates again 10 s before the broker ends a session, and the session ends when the
 * token expires. So a token that is this close to its end would be useless. A token with a shorter
 * lifetime is used for half of it.
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

	/** A token with time left. Rejects if the fetch fails; the next call tries again. */
	async get(): Promise<string> {
		if (this.#token !== undefined && this.#now() < this.#useUntil)
			return this.#token.value;
		this.#fetching ??= this.#renew().finally(() => {
			this.#fetching = undefined;
		});
		return (await this.#fetching).value;
	}

	/** Call this when a broker rejected the token. */
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
