import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseTick, partitionOf } from "@fireworks/contracts";
import type { OutgoingRecord } from "@fireworks/streams";
import { describe, expect, onTestFinished, test } from "vitest";
import { devicesOfFile, numberedDevices } from "../src/devices.ts";
import { TickEncoder } from "../src/tick-encoder.ts";

const fileOf = async (text: string): Promise<string> => {
	const folder = await mkdtemp(join(tmpdir(), "fireworks-devices-"));
	onTestFinished(() => rm(folder, { recursive: true }));
	const path = join(folder, "devices.json");
	await writeFile(path, text);
	return path;
};

describe("the table of devices", () => {
	test("by number", () => {
		expect(numberedDevices(2)).toEqual([
			{ deviceId: "device-0001", drift: 0, volatility: 1 },
			{ deviceId: "device-0002", drift: 0, volatility: 1 },
		]);
	});

	test("from a file; drift and volatility have defaults", async () => {
		const path = await fileOf(
			'[{"deviceId":"boiler/π","drift":-0.5,"volatility":2},{"deviceId":"b"}]',
		);
		expect(await devicesOfFile(path)).toEqual([
			{ deviceId: "boiler/π", drift: -0.5, volatility: 2 },
			{ deviceId: "b", drift: 0, volatility: 1 },
		]);
	});

	test.each([
		["no JSON", "["],
		["no devices", "[]"],
		["a device twice", '[{"deviceId":"a"},{"deviceId":"a"}]'],
		["a control character", '[{"deviceId":"a\\u0007"}]'],
		["too long", JSON.stringify([{ deviceId: "x".repeat(129) }])],
		["a negative volatility", '[{"deviceId":"a","volatility":-1}]'],
		["an unknown field", '[{"deviceId":"a","drfit":1}]'],
	])("refuses %s, naming the setting and the file", async (_what, text) => {
		const path = await fileOf(text);
		await expect(devicesOfFile(path)).rejects.toMatchObject({
			name: "SettingsError",
			problems: [{ name: "FIREWORKS_METRONOME_DEVICES_FILE", value: path }],
		});
	});
});

test("every encoded tick is a tick by the contract, in its key's partition", () => {
	const devices = [
		...numberedDevices(20),
		{ deviceId: 'quote"\\💥', drift: 1e-7, volatility: 1e21 },
	];
	const records: OutgoingRecord[] = [];
	new TickEncoder(devices, 4).encode(7, 1_767_225_607_000, records);
	expect(records.length).toBe(devices.length);
	records.forEach((record, i) => {
		const key = Buffer.from(record.key ?? "");
		expect(parseTick(key, Buffer.from(record.value ?? ""))).toEqual({
			...devices[i],
			seq: 7,
			timestamp: 1_767_225_607_000,
		});
		expect(record.partition).toBe(partitionOf(key, 4));
		expect(record.timestamp).toBe(1_767_225_607_000);
	});
});
