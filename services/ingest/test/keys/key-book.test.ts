import { VirtualTime } from "@fireworks/streams/testing";
import { expect, test } from "vitest";
import { KeyBook } from "../../src/keys/key-book.ts";
import {
	answerRecord,
	claimRecord,
	sessionRecord,
} from "../../src/keys/records.ts";

const time = new VirtualTime();
const asRead = (
	record: ReturnType<typeof answerRecord>,
	offset: number,
	topic = "t",
) => ({
	topic,
	partition: 0,
	offset,
	key: record.key === null ? null : Buffer.from(record.key),
	value: record.value === null ? null : Buffer.from(record.value),
	timestamp: record.timestamp,
	headers: {},
});
const answer = { hash: "h", status: 200, body: "{}" } as const;
const [a, b] = [
	{ id: "a", session: 1 },
	{ id: "b", session: 2 },
];

test("the earliest claim counts, until its session is over", () => {
	const book = new KeyBook(time);
	book.takeClaims([
		asRead(claimRecord("s/k", a, time.now()), 0),
		asRead(claimRecord("s/k", b, time.now()), 1),
	]);
	expect(book.owner("s/k")).toEqual(a);
	book.takeRequests([asRead(sessionRecord({ id: "a" }, time.now()), 5)]);
	expect(book.isOver(a)).toBe(true);
	expect(book.owner("s/k")).toEqual(b);
	// A claim of the next session comes last.
	const next = { id: "a", session: 5 };
	book.takeClaims([asRead(claimRecord("s/k", next, time.now()), 2)]);
	expect([book.owner("s/k"), book.hasClaim("s/k", next)]).toEqual([b, true]);
});

test("an answer ends all claims of its key, also those that are read later", () => {
	const book = new KeyBook(time);
	book.takeClaims([asRead(claimRecord("s/k", a, time.now()), 0)]);
	book.takeRequests([asRead(answerRecord("s/k", answer, time.now()), 3)]);
	book.takeClaims([asRead(claimRecord("s/k", b, time.now()), 1)]);
	expect([book.answer("s/k"), book.owner("s/k")]).toEqual([answer, undefined]);
});

test("answers are forgotten after 24 hours, and earlier only for lack of memory", async () => {
	const book = new KeyBook(time, 1_000);
	const remember = (key: string) => book.remember(key, answer);
	remember("s/1");
	await time.runUntil(() => false, 86_400_000 - 1);
	expect(book.answer("s/1")).toEqual(answer);
	await time.runUntil(() => false, 1);
	expect([book.answer("s/1"), book.forgotten]).toEqual([undefined, 0]);
	for (const key of ["s/2", "s/3", "s/4", "s/5"]) remember(key);
	expect([book.keys, book.forgotten]).toEqual([3, 1]);
	expect(book.answer("s/2")).toBeUndefined();
	expect(book.answer("s/5")).toEqual(answer);
});

test("records of another form are passed over", () => {
	const book = new KeyBook(time);
	const strange = { ...asRead(answerRecord("s/k", answer, 0), 0) };
	for (const value of [null, Buffer.from("{"), Buffer.from('{"hash":1}')]) {
		book.takeRequests([
			{ ...strange, value },
			{ ...strange, key: null, value },
		]);
		book.takeClaims([
			{ ...strange, value },
			{ ...strange, key: null, value },
		]);
	}
	expect([book.keys, book.owner("s/k")]).toEqual([0, undefined]);
});

test("waits for a condition, for a while", async () => {
	const book = new KeyBook(time);
	const holds = book.until(() => book.keys > 0, 1_000);
	book.remember("s/k", answer);
	expect(await holds).toBe(true);
	const never = book.until(() => book.keys > 1, 1_000);
	await time.runUntil(() => false, 1_000);
	expect(await never).toBe(false);
});
