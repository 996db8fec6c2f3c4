import { describe, expect, it } from "vitest";
import { moved, scaled, zoomOf } from "../src/chart/zoom.ts";

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
	it("is not about anything else that Plotly tells", () => {
		expect(zoomOf({ width: 3 } as never, {})).toBeUndefined();
		expect(zoomOf({ "yaxis.range[0]": 1 }, { yaxis: {} })).toBeUndefined();
	});
	it("never gets closer than the axis can say", () => {
		expect(scaled(ZOOM, 1e-9).x).toEqual([450, 550]);
		const narrow = { xaxis: { range: [10, 20] }, yaxis: { range: [0, 1] } };
		expect(zoomOf({ "xaxis.range[0]": 10 }, narrow)?.x).toEqual([-35, 65]);
	});
	it("scales around the middle, and moves by parts", () => {
		expect(scaled(ZOOM, 2)).toEqual({ x: [-500, 1_500], y: [-2, 2] });
		expect(moved(ZOOM, 0.5, -0.5)).toEqual({ x: [500, 1_500], y: [-2, 0] });
	});
});
