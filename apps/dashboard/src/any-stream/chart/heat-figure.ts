/** The heat map of one measure as a figure. */
import {
	baseAxis,
	baseLayout,
	heading,
	plain,
	plotArea,
} from "../../chart/layout.ts";
import { placeholders } from "../../chart/lines.ts";
import { type Range, timeRange } from "../../chart/ranges.ts";
import { timeTicks } from "../../chart/time-ticks.ts";
import { value } from "../../view/format.ts";
import type { Track } from "../data/track.ts";
import { cellsOf, imageOf, pixelsOf } from "./heat-map.ts";
import {
	keyOf,
	type StreamFigure,
	type StreamScene,
	timeTicksMost,
} from "./stream-figure.ts";

/** The most room for names of keys, and the part of the width that they may take. */
const LEFT_MAX_PX = 150;
const LEFT_PART = 0.28;
/** The width of a character, and the room next to a name. */
const CHARACTER_PX = 7.3;
const NAME_ROOM_PX = 18;
/** The least height of a row with a name. */
const NAME_PX = 18;

export interface HeatScene extends StreamScene {
	/** From the top. */
	rows(): readonly { name: string; track: Track | undefined }[];
	picture(
		pixels: Uint8ClampedArray<ArrayBuffer>,
		columns: number,
		rows: number,
	): string;
}

export function buildHeatFigure(scene: HeatScene): StreamFigure {
	const { size, ink, live, dragZooms, previous, left, title } = scene;
	left.px = Math.max(
		left.px,
		Math.min(LEFT_MAX_PX, Math.floor(size.width * LEFT_PART)),
	);
	const most = Math.floor((left.px - NAME_ROOM_PX) / CHARACTER_PX);
	const x: Range = live
		? timeRange(scene.x[1], scene.x[1] - scene.x[0])
		: scene.x;
	const rows = scene.rows();
	const y: Range = [-rows.length, 0];
	const key = keyOf(scene, [], x, y);
	if (previous?.key === key) return { ...previous, x };
	const cells = cellsOf(
		rows.map(({ track }) => track),
		x,
		scene.intervalMs,
	);
	const area = plotArea(size, true, left.px);
	const times = timeTicks(x, timeTicksMost(size));
	const every = Math.max(1, Math.ceil((rows.length * NAME_PX) / area.height));
	const named = [...rows.entries()].filter(([row]) => row % every === 0);
	const axis = { ...baseAxis(ink), showgrid: false };
	const scale =
		cells.low <= cells.high
			? `${title}, light to strong: ${value(cells.low)} to ${value(cells.high)}`
			: title;
	const layout: StreamFigure["layout"] = {
		...baseLayout(size, ink, true, left.px),
		annotations: [heading(scale, 0, 1)],
		dragmode: dragZooms ? "zoom" : false,
		images:
			rows.length === 0
				? []
				: [
						imageOf(
							scene.picture(pixelsOf(cells, ink), cells.columns, cells.rows),
							x,
							rows.length,
						),
					],
		xaxis: {
			...axis,
			showgrid: true,
			fixedrange: !dragZooms,
			range: [...x],
			tickvals: times.values,
			ticktext: times.words,
		},
		yaxis: {
			...axis,
			fixedrange: true,
			range: [...y],
			tickvals: named.map(([row]) => -row - 0.5),
			ticktext: named.map(([, { name }]) => plain(shortened(name, most))),
		},
	};
	const data = placeholders([], x, y);
	return { data, lines: [], shown: [], x, y, layout, key, laidX: x, area };
}

/** most: characters as a reader sees them, not halves of them. */
function shortened(name: string, most: number): string {
	const characters = [...new Intl.Segmenter().segment(name)];
	return characters.length <= most
		? name
		: `${characters
				.slice(0, Math.max(1, most - 1))
				.map(({ segment }) => segment)
				.join("")}…`;
}
