"use client";
/** Exports what is on the screen: the picture as PNG, its points as CSV. */
import { useState } from "react";
import type { Figure } from "../chart/figure.ts";
import type { Ink } from "../chart/layout.ts";
import type { LoadedPlot } from "../chart/use-plot.ts";
import type { EnsembleFigure } from "../ensemble/figure.ts";
import { csvParts } from "../export/csv.ts";
import { download, fileName } from "../export/download.ts";
import { picture, pngOf } from "../export/picture.ts";
import type { Labels } from "../stream/labels.ts";
import type { LiveStream } from "../stream/live-stream.ts";
import { count, instant } from "../view/format.ts";
import type { ShownDevices } from "../view/shown-devices.ts";
import type { View } from "../view/view.ts";

export interface ExportMenuProps {
	stream: LiveStream;
	shown: ShownDevices;
	view: View;
	ink: Ink;
	toImage: LoadedPlot["toImage"];
	/** The newest figure. */
	figure(): Figure | EnsembleFigure | undefined;
}

export function ExportMenu(props: ExportMenuProps) {
	const { stream, shown, view, ink, toImage, figure } = props;
	const [failed, setFailed] = useState<string>();
	const { store } = stream;
	const newestMs = view.paused?.newestMs ?? store.newestMs;
	const ready = Number.isFinite(newestMs);
	const ensemble = view.kind === "ensemble";

	const savePng = async () => {
		const now = figure();
		if (!now) return;
		try {
			const title = `${titleOf(stream.labels, ensemble ? store.devices.length : shown.indices.length, ensemble)}, ${instant(newestMs)}`;
			const png = await pngOf(toImage, picture(now, ink, title));
			download(
				fileName(pictureName(stream, view), newestMs, "png"),
				[png],
				"image/png",
			);
			setFailed(undefined);
		} catch (error) {
			setFailed(`no picture: ${String(error)}`);
		}
	};
	const saveCsv = () => {
		const [from, to] = view.zoom?.x ?? [newestMs - view.windowMs, newestMs];
		const devices = ensemble ? store.devices.keys() : shown.indices;
		const parts = [...csvParts(store, stream.labels, devices, from, to)];
		download(fileName("points", newestMs, "csv"), parts, "text/csv");
	};
	return (
		<div className="export">
			<button
				type="button"
				disabled={!ready}
				title="Save the picture as PNG"
				onClick={savePng}
			>
				PNG
			</button>
			<button
				type="button"
				disabled={!ready}
				title={`Save the points of ${ensemble ? "all" : "the shown"} devices in the window as CSV`}
				onClick={saveCsv}
			>
				CSV
			</button>
			{failed && <span role="alert">{failed}</span>}
		</div>
	);
}

/** With two engines, the picture of the page's own engine is saved. */
const pictureName = ({ engine }: LiveStream, { kind }: View): string =>
	kind === "engines" ? `paths-${engine}` : kind;

const titleOf = (
	{ named, key, value }: Labels,
	n: number,
	ensemble: boolean,
) =>
	named
		? `${value}, ${count(n)} (${key})`
		: `Fireworks, ${count(n)} ${ensemble ? "devices" : "paths"}`;
