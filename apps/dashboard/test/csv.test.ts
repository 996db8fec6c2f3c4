import { describe, expect, it } from "vitest";
import { batch, devices } from "../../../packages/client/test/frames.ts";
import { csvParts } from "../src/export/csv.ts";
import { type Labels, labelsOf, WIENER_LABELS } from "../src/stream/labels.ts";
import { LiveStore } from "../src/stream/live-store.ts";

const NOW = 1_767_225_600_000;

const textOf = (store: LiveStore, labels: Labels, to = NOW + 2_000) =>
	[...csvParts(store, labels, [0, 1], NOW + 1_000, to)].join("").split("\r\n");

describe("csv", () => {
	it("has every point of the span, exactly, and names that no spreadsheet runs", () => {
		const store = new LiveStore();
		store.takeDevices(devices('a,"b"', "=1+1").devices);
		store.takeEvents(batch("p", NOW, [0, 1, 0, 0], [1, 1, 2, 3]), NOW);
		const value = (device: number, place: number) =>
			store.paths[device]?.ring.value[place];
		expect(textOf(store, WIENER_LABELS)).toEqual([
			"deviceId,seq,time,timestamp,dt,increment,value",
			`"a,""b""",1,2026-01-01T00:00:01.000Z,${NOW + 1_000},1,0.5,${value(0, 0)}`,
			`"a,""b""",2,2026-01-01T00:00:02.000Z,${NOW + 2_000},1,0.5,${value(0, 1)}`,
			`'=1+1,1,2026-01-01T00:00:01.000Z,${NOW + 1_000},1,0.5,${value(1, 0)}`,
			"",
		]);
	});

	it("has the names and units that the stream gives", () => {
		const labels = labelsOf({
			names: { key: "Boiler", value: "=Temperature, upper" },
			units: { value: "°C" },
		});
		expect(textOf(new LiveStore(), labels)).toEqual([
			`Boiler,seq,time,timestamp,dt (s),Increment (°C),"'=Temperature, upper (°C)"`,
			"",
		]);
	});
});
