import { describe, expect, it } from "vitest";
import { batch, devices } from "../../../packages/client/test/frames.ts";
import { csvParts } from "../src/export/csv.ts";
import { LiveStore } from "../src/stream/live-store.ts";

const NOW = 1_767_225_600_000;

describe("csv", () => {
	it("has every point of the span, exactly, and names that no spreadsheet runs", () => {
		const store = new LiveStore();
		store.takeDevices(devices('a,"b"', "=1+1").devices);
		store.takeEvents(batch("p", NOW, [0, 1, 0, 0], [1, 1, 2, 3]), NOW);
		const text = [...csvParts(store, [0, 1], NOW + 1_000, NOW + 2_000)].join(
			"",
		);
		const value = (device: number, place: number) =>
			store.paths[device]?.ring.value[place];
		expect(text.split("\r\n")).toEqual([
			"deviceId,seq,time,timestamp,value",
			`"a,""b""",1,2026-01-01T00:00:01.000Z,${NOW + 1_000},${value(0, 0)}`,
			`"a,""b""",2,2026-01-01T00:00:02.000Z,${NOW + 2_000},${value(0, 1)}`,
			`'=1+1,1,2026-01-01T00:00:01.000Z,${NOW + 1_000},${value(1, 0)}`,
			"",
		]);
	});
});
