import fc from "fast-check";
import { expect, test } from "vitest";
import { WorkQueue } from "../src/work-queue.ts";

const { signal } = new AbortController();

test("never more at once than allowed, each in its turn, whatever fails", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 1, max: 3 }),
			fc.array(fc.record({ fails: fc.boolean(), turns: fc.nat({ max: 3 }) })),
			async (running, works) => {
				const queue = new WorkQueue({ running, waiting: 100, waitMs: 60_000 });
				const began: number[] = [];
				let now = 0;
				await Promise.allSettled(
					works.map(({ fails, turns }, i) =>
						queue.run(signal, async () => {
							began.push(i);
							now++;
							expect(now).toBeLessThanOrEqual(running);
							for (let turn = 0; turn < turns; turn++) await undefined;
							now--;
							if (fails) throw new Error("failed");
						}),
					),
				);
				expect(began).toEqual(works.map((_, i) => i));
				expect([queue.running, queue.waiting]).toEqual([0, 0]);
			},
		),
	);
});

test("one that waits too long, or gives up, leaves its place to the next", async () => {
	const queue = new WorkQueue({ running: 1, waiting: 2, waitMs: 20 });
	const first = Promise.withResolvers<void>();
	const running = queue.run(signal, () => first.promise);
	const gone = new AbortController();
	const reason = new Error("gone");
	const late = queue.run(signal, async () => "ran");
	const left = queue.run(gone.signal, async () => "ran");
	await expect(queue.run(signal, async () => "ran")).rejects.toMatchObject({
		code: "too-many-requests",
	});
	gone.abort(reason);
	await expect(left).rejects.toBe(reason);
	await expect(late).rejects.toMatchObject({ code: "too-many-requests" });
	first.resolve();
	await running;
	expect(await queue.run(signal, async () => "ran")).toBe("ran");
	await expect(queue.run(gone.signal, async () => "ran")).rejects.toBe(reason);
	expect([queue.running, queue.waiting]).toEqual([0, 0]);
});
