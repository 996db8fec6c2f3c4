import { testDriver } from "@fireworks/streams/testing";
import { expect, test } from "vitest";
import { convert } from "../stages.ts";

test("°C become °F; a reading without a temperature gives nothing", async () => {
	const driver = await testDriver(convert);
	const at = "2026-01-01T00:00:00Z";
	const reading = (temperature: number | null) => ({
		key: "a",
		value: { device: "a", at, temperature, humidity: 40 },
	});
	await driver.pipe(reading(100), reading(null));
	expect(driver.outputs().map((o) => o.json)).toEqual([
		{ device: "a", at, temperature: 212 },
	]);
	await driver.close();
});
