import { beforeEach, describe, expect, it } from "vitest";
import { batch, devices } from "../../../packages/client/test/frames.ts";
import { LiveStore } from "../src/stream/live-store.ts";
import { ShownDevices } from "../src/view/shown-devices.ts";
import { SHOWN_MAX } from "../src/view/view.ts";

const NOW = 1_767_225_600_000;
let store: LiveStore;

beforeEach(() => {
	store = new LiveStore();
	store.takeDevices(devices("b", "a", "c").devices);
});

describe("the store", () => {
	it("keeps each device's last record, and counts what is new", () => {
		store.takeEvents(batch("p", NOW, [0, 1], [1, 1]), NOW);
		store.takeEvents(batch("p", NOW, [0, 0], [1, 2]), NOW);
		expect(store.paths.map((p) => p.last?.seq)).toEqual([2, 1, undefined]);
		expect(store.events).toBe(3);
		expect(store.newestMs).toBe(NOW + 2_000);
	});

	it("measures until paint, but not history's age", () => {
		store.opened(NOW + 5_000);
		store.takeEvents(batch("p", NOW + 5_100, [0], [1]), NOW);
		store.painted(NOW + 5_110);
		expect([store.events, store.sentToPaintedMs.count]).toEqual([1, 0]);
		store.takeEvents(batch("p", NOW + 9_000, [0], [2]), NOW);
		store.painted(NOW + 9_010);
		expect([store.events, store.eventToPaintedMs.count]).toEqual([2, 0]);
		expect(store.sentToPaintedMs.quantile(0.5)).toBe(10);
		store.takeEvents(batch("p", NOW + 6_100, [0], [6]), NOW);
		store.painted(NOW + 6_150);
		expect(store.eventToPaintedMs.quantile(0.5)).toBe(150);
		store.painted(NOW + 9_000);
		expect(store.eventToPaintedMs.count).toBe(1);
	});

	it("keeps no point of a topic that was deleted and recreated", () => {
		const of = (stream: string, device: number[], seq: number[]) =>
			({
				...batch("p", NOW, device, seq),
				type: "snapshot",
				stream,
			}) as const;
		store.takeEvents(of("old", [0, 0, 1], [1, 2, 2]), NOW);
		// Later, and with a higher number: by its values it could continue the old points.
		store.takeEvents(of("new", [0], [7]), NOW);
		const lengths = () => store.paths.map(({ ring }) => ring.length);
		expect(lengths()).toEqual([1, 0, 0]);
		expect(store.newestMs).toBe(NOW + 7_000);
		store.takeEvents(of("new", [1], [8]), NOW);
		expect(lengths()).toEqual([1, 1, 0]);
	});

	it("counts a snapshot as history, not as new events", () => {
		store.takeEvents(
			{ ...batch("p", NOW, [0, 0, 1], [1, 2, 2]), type: "snapshot" },
			NOW,
		);
		store.opened(NOW + 9_000);
		store.takeEvents({ ...batch("p", NOW, [2], [1]), type: "snapshot" }, NOW);
		store.takeEvents(batch("p", NOW + 9_000, [2], [2]), NOW);
		expect(store.events).toBe(0);
		expect(store.paths[0]?.ring.length).toBe(2);
		expect(store.newestMs).toBe(NOW + 2_000);
	});

	it("counts the gaps that the server announces", () => {
		store.takeGap(4);
		store.takeGap(2);
		expect([store.gaps, store.gapEvents]).toEqual([2, 6]);
	});
});

describe("the shown devices", () => {
	const idsOf = (shown: ShownDevices) =>
		shown.indices.map((i) => store.devices[i]?.deviceId);

	it("are the first by name, numbers as numbers, and bounded", () => {
		const ids = Array.from({ length: 100 }, (_, k) => `d${100 - k}`);
		store.takeDevices(devices(...ids).devices);
		const shown = new ShownDevices();
		shown.update(store, { kind: "first" }, 60_000, 0);
		expect(idsOf(shown)).toHaveLength(SHOWN_MAX);
		expect(idsOf(shown).slice(0, 3)).toEqual(["d1", "d2", "d3"]);
	});

	it("are those that moved most, ranked again from time to time", () => {
		store.takeEvents(batch("p", NOW, [0, 1, 2], [1, 1, 1]), NOW);
		store.takeEvents(batch("p", NOW, [2], [9]), NOW);
		const shown = new ShownDevices();
		shown.update(store, { kind: "movers" }, 60_000, 0);
		expect(idsOf(shown)).toEqual(["a", "b", "c"]);
	});

	it("keep their colour for as long as they are shown", () => {
		const shown = new ShownDevices();
		const choose = (...deviceIds: string[]) =>
			shown.update(store, { kind: "chosen", deviceIds }, 60_000, 0);
		choose("a", "b");
		expect([shown.slot(1), shown.slot(0)]).toEqual([0, 1]);
		choose("b", "c");
		expect([shown.slot(0), shown.slot(2)]).toEqual([1, 0]);
	});
});
