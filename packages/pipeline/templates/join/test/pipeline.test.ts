import { testDriver } from "@fireworks/streams/testing";
import { expect, test } from "vitest";
import { alertsStage } from "../stages.ts";
import { devices, readings } from "../streams.ts";

test("only what is above the device's limit is an alert, with its room", async () => {
	const driver = await testDriver(alertsStage);
	const at = "2026-01-01T00:00:00Z";
	const reading = (device: string, temperature: number) => ({
		topic: readings.name,
		key: device,
		value: { device, at, temperature, humidity: null },
	});
	await driver.pipe({
		topic: devices.name,
		key: "a",
		value: { device: "a", since: at, room: "kitchen", limit: 30 },
	});
	await driver.pipe(reading("a", 29), reading("a", 31), reading("b", 99));
	expect(driver.outputs().map((o) => o.json)).toEqual([
		{ device: "a", at, room: "kitchen", temperature: 31 },
	]);
	await driver.close();
});
