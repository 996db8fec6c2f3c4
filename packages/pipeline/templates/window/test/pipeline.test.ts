import { testDriver } from "@fireworks/streams/testing";
import { expect, test } from "vitest";
import { minuteMeans } from "../stages.ts";

test("the means of a minute come when it has passed", async () => {
	const driver = await testDriver(minuteMeans);
	const reading = (at: string, temperature: number | null) => ({
		key: "a",
		timestamp: Date.parse(at),
		value: { device: "a", at, temperature, humidity: 40 },
	});
	await driver.pipe(
		reading("2026-01-01T00:00:01Z", 10),
		reading("2026-01-01T00:00:59Z", 20),
		reading("2026-01-01T00:00:30Z", null),
	);
	expect(driver.outputs()).toEqual([]);
	await driver.advanceClock("2m");
	expect(driver.outputs().map((o) => o.json)).toEqual([
		{
			device: "a",
			at: "2026-01-01T00:00:00.000Z",
			temperature: 15,
			humidity: 40,
		},
	]);
	await driver.close();
});
