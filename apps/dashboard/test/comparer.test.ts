import type { BatchFrame } from "@fireworks/contracts";
import { beforeEach, expect, it } from "vitest";
import { batch, devices } from "../../../packages/client/test/frames.ts";
import { Comparer, type Which } from "../src/compare/comparer.ts";
import { FollowedDevices } from "../src/compare/followed-devices.ts";
import { SharedAxes } from "../src/compare/shared-axes.ts";
import { LiveStore } from "../src/stream/live-store.ts";
import { ShownDevices } from "../src/view/shown-devices.ts";

const NOW = 1_767_225_600_000;
let stores: [LiveStore, LiveStore];
let comparer: Comparer;

/** Gives the frame to the store first, as the page does. */
function take(which: Which, frame: BatchFrame, receivedMs = NOW) {
	const store = stores[which];
	store.takeEvents(frame, receivedMs);
	comparer.take(which, frame, receivedMs);
}
const events = (device: number[], seq: number[]) =>
	batch("p", NOW, device, seq);

beforeEach(() => {
	stores = [new LiveStore(), new LiveStore()];
	// The two servers number the same devices differently.
	stores[0].takeDevices(devices("a", "b").devices);
	stores[1].takeDevices(devices("b", "c", "a").devices);
	comparer = new Comparer(...stores);
});

it("compares a record once, when the later of the two comes", () => {
	take(0, events([0, 1], [1, 1]));
	expect(comparer.compared).toBe(0);
	take(1, events([2, 1], [1, 1]));
	expect(comparer.compared).toBe(1);
	take(1, events([0], [1]));
	expect(comparer.compared).toBe(2);
	// The other engine may also be first.
	take(1, events([2], [2]));
	take(0, events([0], [2]));
	expect([comparer.compared, comparer.different]).toEqual([3, 0]);
});

it("a snapshot's history counts, a repeat after a loss does not", () => {
	take(0, events([0, 0, 0], [1, 2, 3]));
	const history = { ...events([2, 2, 2], [1, 2, 3]), type: "snapshot" };
	for (let i = 0; i < 2; i++) take(1, history as unknown as BatchFrame);
	expect(comparer.compared).toBe(3);
});

it("the last bit of any number makes a difference, and the first one is named", () => {
	take(0, events([0, 1], [1, 1]));
	const other = events([2, 0], [1, 1]);
	other.columns.value[0] = 0.5 + Number.EPSILON / 2;
	other.columns.increment[1] = 7;
	take(1, other);
	expect([comparer.compared, comparer.different]).toEqual([2, 2]);
	expect(comparer.first).toEqual({
		deviceId: "a",
		seq: 1,
		field: "value",
		values: [0.5, 0.5 + Number.EPSILON / 2],
	});
});

it("-0 is 0, and another time is a difference", () => {
	const [first, second] = [events([0], [0]), events([2], [0])];
	second.columns.value[0] = -0;
	take(0, first);
	take(1, second);
	expect([comparer.compared, comparer.different]).toEqual([1, 0]);
	const [third, fourth] = [events([0], [1]), events([2], [1])];
	fourth.columns.timestamp[0] = (fourth.columns.timestamp[0] as number) + 1;
	take(1, fourth);
	take(0, third);
	expect(comparer.first).toMatchObject({
		field: "timestamp",
		values: [NOW + 1_000, NOW + 1_001],
	});
});

it("reports which engine is behind, and by how many ticks", () => {
	expect(comparer.aheadTicks).toBeUndefined();
	take(0, events([0], [9]));
	take(1, events([2], [7]));
	expect(comparer.aheadTicks).toBe(2);
	take(1, events([2, 2, 2], [8, 9, 10]));
	expect(comparer.aheadTicks).toBe(-1);
});

it("measures from event time to receipt, but not of history", () => {
	stores[0].opened(NOW + 5_000);
	take(0, events([0], [1]), NOW + 5_001);
	const [side] = comparer.sides;
	expect(side.delayMs.count).toBe(0);
	take(0, events([0], [6]), NOW + 6_040);
	expect(side.delayMs.quantile(0.5)).toBe(40);
});

it("the second picture has the first's devices in the first's colours", () => {
	const shown = new ShownDevices();
	const choose = (...deviceIds: string[]) =>
		shown.update(stores[0], { kind: "chosen", deviceIds }, 60_000, 0);
	choose("b");
	choose("a", "b");
	const followed = new FollowedDevices(shown, ...comparer.sides);
	followed.update();
	expect(followed.indices).toEqual([2, 0]);
	expect([followed.slot(2), followed.slot(0)]).toEqual([
		shown.slot(0),
		shown.slot(1),
	]);
	choose("a");
	followed.update();
	expect(followed.indices).toEqual([2]);
});

it("two pictures have one range of values and the newest time of both", () => {
	const axes = new SharedAxes(...stores);
	let changes = 0;
	axes.onChange = () => changes++;
	take(0, events([0], [1]));
	take(1, events([2], [2]));
	expect(axes.newestMs).toBe(NOW + 2_000);
	axes.values(stores[0], 0, 1);
	const both = axes.values(stores[1], -30, 2);
	expect(both[0]).toBeLessThanOrEqual(-30);
	expect(axes.values(stores[0], 0, 1)).toBe(both);
	expect(changes).toBe(2);
});
