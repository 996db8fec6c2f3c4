import { expect, test } from "vitest";
import { ReadPositions } from "../../src/tables/read-positions.ts";

const range = (partition: number, low: number, high: number) => ({
	partition,
	low,
	high,
});
const positionsOf = (at: readonly [number, number][]) => {
	const deleted: number[][] = [];
	const positions = new ReadPositions(new Map(at), (...gone) =>
		deleted.push(gone),
	);
	return { positions, deleted };
};

test("a new table begins where the log begins, and nothing counts as deleted", () => {
	const { positions, deleted } = positionsOf([]);
	positions.begin("t", [range(0, 100, 200), range(1, 0, 0)]);
	expect([positions.next(0), positions.next(1), deleted]).toEqual([100, 0, []]);
});

test("what retention took below the positions is reported once, also of a new partition", () => {
	const { positions, deleted } = positionsOf([[0, 50]]);
	positions.begin("t", [range(0, 70, 90), range(1, 5, 9), range(2, 0, 9)]);
	expect(deleted).toEqual([
		[0, 50, 70],
		[1, 0, 5],
	]);
	expect(positions.copy()).toEqual(
		new Map([
			[0, 70],
			[1, 5],
		]),
	);
});

test("a gap while reading is a loss only below the start of the log", () => {
	const { positions, deleted } = positionsOf([[0, 10]]);
	positions.begin("t", [range(0, 0, 100)]);
	positions.reach(0, 12);
	expect(deleted).toEqual([]);
	expect(positions.looked([range(0, 40, 100)])).toBe(90);
	// Fetched before the deletion.
	positions.reach(0, 10);
	expect(deleted).toEqual([]);
	positions.moveTo(0, 20);
	positions.reach(0, 43);
	expect(deleted).toEqual([[0, 20, 40]]);
});

test("a log that ends before the positions is not read", () => {
	const { positions } = positionsOf([[0, 10]]);
	expect(() => positions.begin("t", [range(0, 0, 9)])).toThrow("up to 10");
	positions.begin("t", [range(0, 0, 10)]);
});
