/** Settings of the metronome, which is the clock. */
import { integer } from "../setting-types.ts";
import { anyText, DAY_MS, port, setting } from "./setting.ts";

export const METRONOME_SETTINGS = {
	metronomePort: setting({
		schema: port(),
		default: 8081,
		tier: "tuning",
		chart: { setBy: "" },
		about: "Port for health and metrics of the metronome",
	}),
	metronomeIntervalMs: setting({
		schema: integer(1, 3_600_000),
		default: 1_000,
		unit: "ms",
		tier: "common",
		chart: "config",
		about: "Wall time from one tick to the next",
	}),
	metronomeAdvanceMs: setting({
		schema: integer(1, DAY_MS),
		default: 1_000,
		unit: "ms",
		tier: "common",
		chart: "config",
		about: "Event time from one tick to the next",
	}),
	metronomeDevices: setting({
		schema: integer(1, 100_000),
		default: 5,
		tier: "common",
		chart: { value: "metronome.devices" },
		about:
			"Number of devices. They are named device-0001 and so on, and have drift 0 and volatility 1",
	}),
	metronomeDevicesFile: anyText({
		tier: "common",
		chart: { setBy: "metronome.devices" },
		about:
			"JSON file that lists the devices, instead of a number: [{deviceId, drift, volatility}]",
	}),
	metronomeCatchUpMaxMs: setting({
		schema: integer(0, 7 * DAY_MS),
		default: DAY_MS / 24,
		unit: "ms",
		tier: "tuning",
		chart: "config",
		about:
			"Missed wall time that is caught up after a stop. Earlier ticks are skipped",
	}),
} as const;
