import { testDriver } from "@fireworks/streams/testing";
import { expect, test } from "vitest";
import { onlyWarm } from "../stages.ts";

test("readings above the limit pass", async () => {
	const driver = await testDriver(onlyWarm);
	const reading = (temperature: number | null) => ({
		key: "a",
		value: {
			...{ device: "a", at: "2026-01-01T00:00:00Z" },
			...{ temperature, humidity: null },
		},
	});
	await driver.pipe(reading(30), reading(31), reading(null));
	expect(driver.outputs().map((o) => o.json)).toEqual([reading(31).value]);
	await driver.close();
});
