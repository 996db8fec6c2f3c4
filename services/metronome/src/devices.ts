/**
 * The list of devices for which the metronome writes ticks: from a file, or a number of identical
 * ones.
 */
import { readFile } from "node:fs/promises";
import { SettingsError, tickSchema, variableOf } from "@fireworks/contracts";
import { z } from "zod";

const DEVICES_MAX = 100_000;

const deviceSchema = z.strictObject({
	deviceId: tickSchema.shape.deviceId,
	drift: tickSchema.shape.drift.default(0),
	volatility: tickSchema.shape.volatility.default(1),
});
const tableSchema = z
	.array(deviceSchema)
	.min(1)
	.max(DEVICES_MAX)
	.refine(
		(devices) =>
			new Set(devices.map((d) => d.deviceId)).size === devices.length,
		"every deviceId once",
	);

export type TableDevice = z.infer<typeof deviceSchema>;

/** `device-0001` and so on, with drift 0 and volatility 1. */
export const numberedDevices = (count: number): TableDevice[] =>
	Array.from({ length: count }, (_, i) => ({
		deviceId: `device-${String(i + 1).padStart(4, "0")}`,
		drift: 0,
		volatility: 1,
	}));

/**
 * The devices of a JSON file: [{"deviceId","drift","volatility"}]. Throws SettingsError that says
 * what is wrong in the file.
 */
export async function devicesOfFile(path: string): Promise<TableDevice[]> {
	const problem = (expected: string) =>
		new SettingsError([
			{ name: variableOf("metronomeDevicesFile"), value: path, expected },
		]);
	let json: unknown;
	try {
		json = JSON.parse(await readFile(path, "utf8"));
	} catch (error) {
		throw problem(`a readable JSON file: ${(error as Error).message}`);
	}
	const table = tableSchema.safeParse(json);
	if (table.success) return table.data;
	throw problem(
		`[{"deviceId","drift","volatility"}]: ${z.prettifyError(table.error).slice(0, 2_000)}`,
	);
}
