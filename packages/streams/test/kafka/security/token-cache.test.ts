import { expect, test } from "vitest";
import { TokenCache } from "../../../src/kafka/security/token-cache.ts";

test("a token is used until a minute before its end, and fetched once for all who ask at a time", async () => {
	let now = 0;
	let fetched = 0;
	const cache = new TokenCache(
		async () => ({ value: `token ${++fetched}`, expiresAt: now + 300_000 }),
		() => now,
	);
	expect(await Promise.all([cache.get(), cache.get()])).toEqual([
		"token 1",
		"token 1",
	]);
	now = 239_999;
	expect(await cache.get()).toBe("token 1");
	now = 240_000;
	expect(await cache.get()).toBe("token 2");
});

test("one that lives shortly is used for half of its time; a refused one not again", async () => {
	let now = 0;
	let fetched = 0;
	const cache = new TokenCache(
		async () => ({ value: String(++fetched), expiresAt: now + 20_000 }),
		() => now,
	);
	await cache.get();
	now = 9_999;
	expect(await cache.get()).toBe("1");
	now = 10_000;
	expect(await cache.get()).toBe("2");
	cache.drop();
	expect(await cache.get()).toBe("3");
});

test("a failed fetch is not kept", async () => {
	let fail = true;
	const cache = new TokenCache(async () => {
		if (fail) throw new Error("away");
		return { value: "x", expiresAt: Date.now() + 1_000 };
	});
	await expect(cache.get()).rejects.toThrow("away");
	fail = false;
	expect(await cache.get()).toBe("x");
});
