import { testDriver } from "@fireworks/streams/testing";
import { expect, test } from "vitest";
import { windowStage } from "../src/window-stage.ts";

test("a window is written with the first record after it, also across a restart", async () => {
	const driver = await testDriver(windowStage(10_000));
	const rest = { deviceId: "d", seq: 0, dt: 1, increment: 0, drift: 0 };
	const at = (timestamp: number, value: number) =>
		driver.pipe({
			key: "d",
			value: { ...rest, volatility: 1, timestamp, value },
		});
	await at(1_000, 2);
	await at(9_999, 4);
	await driver.restart();
	await at(10_000, 9);
	const windows = driver.outputs().map((o) => o.json);
	expect(windows).toEqual([{ start: 0, count: 2, mean: 3 }]);
	await driver.close();
});
