/** The clock. */
import { z } from "zod";
import { integer } from "../setting-types.ts";
import { DAY_MS, port, setting } from "./setting.ts";

export const METRONOME_SETTINGS = {
	metronomePort: setting(port(), "8081", "Health and metrics of the metronome"),
	metronomeIntervalMs: setting(
		integer(1, 3_600_000),
		"1000",
		"Wall time from a tick to the next",
	),
	metronomeAdvanceMs: setting(
		integer(1, DAY_MS),
		"1000",
		"Event time from a tick to the next",
	),
	metronomeDevices: setting(
		integer(1, 100_000),
		"5",
		"Number of devices: device-0001 and on, without drift, of volatility 1",
	),
	metronomeDevicesFile: setting(
		z.string(),
		"",
		"JSON file of the devices, instead of a number: [{deviceId, drift, volatility}]",
	),
	metronomeCatchUpMaxMs: setting(
		integer(0, 7 * DAY_MS),
		String(DAY_MS / 24),
		"Missed wall time that is caught up after a stop; ticks before it are skipped",
	),
	metronomeTransactionRecordsMax: setting(
		integer(1, 100_000),
		"4000",
		"Records a transaction of the metronome holds, at most, unless one tick has more",
	),
} as const;
