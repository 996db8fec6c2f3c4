import { beforeEach, describe, expect, it } from "vitest";
import { Ensemble } from "../src/ensemble/ensemble.ts";
import { judge } from "../src/ensemble/judgement.ts";
import { unitOf, withoutTheory } from "../src/ensemble/unit.ts";
import { Increments } from "../src/stream/increments.ts";
import { LiveStore } from "../src/stream/live-store.ts";

const DEVICES = 2_000;
const WINDOW_MS = 60_000;
const START_MS = 1_767_225_600_000;

/** A fixed sequence of normally distributed numbers (Box-Muller). */
function normals(): () => number {
	let state = 1;
	const uniform = () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return (state + 0.5) / 2 ** 32;
	};
	return () =>
		Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

let store: LiveStore;
let values: number[];
let normal: () => number;
const infoOf = (index: number) => ({
	index,
	deviceId: `d${index}`,
	drift: index % 3,
	volatility: 1 + (index % 5),
});

/** Adds one tick of all devices; deviation: 1 for a Wiener process. */
function tick(seq: number, deviation = 1): void {
	const indices = values.map((_, i) => i);
	const dt = seq === 0 ? 0 : 1;
	const increment = indices.map((i) => {
		const { drift, volatility } = infoOf(i);
		return dt * drift + volatility * Math.sqrt(dt) * normal() * deviation;
	});
	increment.forEach((x, i) => {
		values[i] = (values[i] as number) + x;
	});
	const timestamp = START_MS + seq * 1_000;
	store.takeEvents(
		{
			type: "batch",
			position: "p",
			sentAt: timestamp,
			columns: {
				device: indices,
				seq: indices.map(() => seq),
				timestamp: indices.map(() => timestamp),
				dt: indices.map(() => dt),
				increment,
				value: [...values],
			},
		},
		timestamp,
	);
}

/** Updates as many frames as the ensemble needs. */
function settled(ensemble: Ensemble, standardised = true) {
	for (let frame = 0; frame < 100; frame++) {
		const { bands, more } = ensemble.update(
			store,
			WINDOW_MS,
			store.newestMs,
			standardised,
		);
		if (!more) return bands;
	}
	throw new Error("it never ends");
}

beforeEach(() => {
	store = new LiveStore();
	values = new Array(DEVICES).fill(0);
	normal = normals();
	store.takeDevices(values.map((_, i) => infoOf(i)));
});

describe("the ensemble", () => {
	it("of Wiener processes of unlike drift and volatility lies on the envelope, at every moment", () => {
		for (let seq = 0; seq <= 90; seq++) tick(seq);
		const bands = settled(new Ensemble());
		expect(bands.length).toBe(61);
		for (const { quantiles, count, within } of bands) {
			expect(count).toBe(DEVICES);
			expect(within / count).toBeGreaterThan(0.93);
			[-2, -0.6745, 0, 0.6745, 2].forEach((expected, k) => {
				expect(Math.abs((quantiles?.[k] as number) - expected)).toBeLessThan(
					0.2,
				);
			});
		}
	});

	it("of a stream without a volatility is what was measured, and has no theory", () => {
		store.takeDevices(values.map((_, i) => ({ ...infoOf(i), volatility: 0 })));
		expect(unitOf(store.devices)).toBeUndefined();
		expect(withoutTheory(store.devices)).toBe(DEVICES);
		for (let seq = 0; seq <= 70; seq++) tick(seq);
		const ensemble = new Ensemble();
		const bands = settled(ensemble, false);
		expect(bands.length).toBe(61);
		const first = store.paths.map(
			(p) => p.valueAt(ensemble.anchorMs ?? 0) ?? 0,
		);
		const changes = store.paths
			.map((p, i) => (p.last?.value ?? 0) - (first[i] as number))
			.sort((a, b) => a - b);
		const median = bands.at(-1)?.quantiles?.[2] as number;
		expect(median).toBeGreaterThanOrEqual(changes[DEVICES / 2 - 1] as number);
		expect(median).toBeLessThanOrEqual(changes[DEVICES / 2] as number);
		// The same ensemble, once the stream has a volatility.
		store.takeDevices(values.map((_, i) => infoOf(i)));
		expect(settled(ensemble)).toEqual(settled(new Ensemble()));
	});

	it("updated from tick to tick, equals one computed from the start", () => {
		for (let seq = 0; seq <= 70; seq++) tick(seq);
		const ensemble = new Ensemble();
		settled(ensemble);
		for (let seq = 71; seq <= 75; seq++) {
			tick(seq);
			expect(settled(ensemble)).toEqual(settled(new Ensemble()));
		}
	});

	it("starts where the stream does, while the stream is younger than the window", () => {
		for (let seq = 0; seq <= 20; seq++) tick(seq);
		const ensemble = new Ensemble();
		expect(settled(ensemble).length).toBe(20);
		expect(ensemble.anchorMs).toBe(START_MS);
	});

	it("spreads a long look-up over frames", () => {
		for (let seq = 0; seq <= 70; seq++) tick(seq);
		const { more } = new Ensemble().update(
			store,
			WINDOW_MS,
			store.newestMs,
			true,
		);
		expect(more).toBe(true);
	});

	it("is drawn in the devices' own unit where they have one", () => {
		expect(unitOf(store.devices)?.standardised).toBe(true);
		store.takeDevices([{ ...infoOf(0), drift: 2, volatility: 3 }]);
		expect(unitOf(store.devices)).toEqual({
			drift: 2,
			volatility: 3,
			standardised: false,
		});
	});
});

describe("the increments", () => {
	it("of Wiener processes agree with theory, others differ", () => {
		for (let seq = 0; seq <= 5; seq++) tick(seq);
		const moments = store.increments.standardised.moments();
		expect(moments.count).toBe(10_000);
		expect(judge(moments)).toBe("agrees");
		for (let seq = 6; seq <= 10; seq++) tick(seq, 1.1);
		expect(judge(store.increments.standardised.moments())).toBe("differs");
	});

	it("are counted into bins, except those beyond the limit", () => {
		const increments = new Increments();
		for (const z of [-9, -4, -0.01, 0, 3.99, 4])
			increments.add(z, 1, { drift: 0, volatility: 1 });
		expect([...increments.standardised.histogram(-4, 4, 2)]).toEqual([2, 2]);
		expect(increments.standardised.moments().beyondTwo).toBeCloseTo(4 / 6);
	});

	it("leave out first ticks; those without a volatility are kept as they are, and not judged", () => {
		const increments = new Increments();
		increments.add(0, 0, { drift: 0, volatility: 1 });
		for (const x of [1_000_001, 1_000_002, 1_000_003])
			increments.add(x, 1, { drift: 1, volatility: 0 });
		expect(increments.standardised.count).toBe(0);
		expect(judge(increments.standardised.moments())).toBe("too few");
		const { count, mean, deviation, least, greatest } =
			increments.plain.moments();
		expect([count, mean, least, greatest]).toEqual([
			3, 1_000_002, 1_000_001, 1_000_003,
		]);
		expect(deviation).toBeCloseTo(Math.sqrt(2 / 3));
	});
});
