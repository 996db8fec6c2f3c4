import { expect, test } from "vitest";
import { Budget } from "../../src/tables/budget.ts";

test("reports each time it becomes full, and each time there is room again", () => {
	const budget = new Budget(10);
	const seen: string[] = [];
	const unwatch = budget.watch(
		() => seen.push("full"),
		() => seen.push("room"),
	);
	budget.add(9);
	expect(budget.full).toBe(false);
	budget.add(5);
	budget.add(1);
	budget.free(4);
	expect([budget.full, seen]).toEqual([true, ["full"]]);
	budget.free(2);
	expect([budget.full, budget.bytes, seen]).toEqual([
		false,
		9,
		["full", "room"],
	]);
	unwatch();
	budget.add(1);
	expect([budget.full, seen]).toEqual([true, ["full", "room"]]);
});
