import { describe, expect, it } from "vitest";
import { moved, scaled, zoomLimit, zoomOf } from "../src/chart/zoom.ts";
import type { Zoom } from "../src/view/view.ts";

const ZOOM = { x: [0, 1_000], y: [-1, 1] } as const;

describe("zoom", () => {
	it("takes Plotly's new ranges, whichever axis was dragged", () => {
		const layout = {
			xaxis: { range: [5_000, 9_000] },
			yaxis: { range: [2, -2] },
		};
		expect(zoomOf({ "xaxis.range[0]": 5_000 }, layout)).toEqual({
			x: [5_000, 9_000],
			y: [-2, 2],
		});
	});
	it("ignores everything else that Plotly reports", () => {
		expect(zoomOf({ width: 3 } as never, {})).toBeUndefined();
		expect(zoomOf({ "yaxis.range[0]": 1 }, { yaxis: {} })).toBeUndefined();
	});
	it("never gets closer than the axis can label", () => {
		expect(scaled(ZOOM, 1e-9).x).toEqual([450, 550]);
		const narrow = { xaxis: { range: [10, 20] }, yaxis: { range: [0, 1] } };
		expect(zoomOf({ "xaxis.range[0]": 10 }, narrow)?.x).toEqual([-35, 65]);
	});
	it("ends where nothing more is held, however often it is asked", () => {
		const limit = zoomLimit(-5_000, 900, 1_000);
		let zoom: Zoom = ZOOM;
		for (let press = 0; press < 100; press++) zoom = scaled(zoom, 2, limit);
		expect(zoom.x).toEqual(limit);
		expect(zoom.y[1]).toBeCloseTo((limit[1] - limit[0]) / 1_000);
		expect(scaled(zoom, 2, limit)).toBe(zoom);
		expect(scaled(zoom, 0.5, limit).x[1]).toBeLessThan(limit[1]);
	});
	it("ends at the live window where less is held, or nothing", () => {
		expect(zoomLimit(0, 1_000, 10_000)).toEqual([-9_500, 1_500]);
		const [from, to] = zoomLimit(Infinity, -Infinity, 10_000);
		expect(to - from).toBe(11_000);
	});
	it("gets no closer than doubles can resolve", () => {
		let zoom: Zoom = { x: [0, 1_000], y: [1e6, 1e6 + 1] };
		for (let press = 0; press < 100; press++) zoom = scaled(zoom, 0.5);
		expect(zoom.y[1] - zoom.y[0]).toBeGreaterThan(1e-4);
	});
	it("scales around the middle, and moves by parts", () => {
		expect(scaled(ZOOM, 2)).toEqual({ x: [-500, 1_500], y: [-2, 2] });
		expect(moved(ZOOM, 0.5, -0.5)).toEqual({ x: [500, 1_500], y: [-2, 0] });
	});
});
