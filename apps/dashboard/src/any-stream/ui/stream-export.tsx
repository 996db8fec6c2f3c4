"use client";
/** Saves what is visible: the charts as a picture, their points as CSV. */
import { useState } from "react";
import type { Ink } from "../../chart/layout.ts";
import type { LoadedPlot } from "../../chart/use-plot.ts";
import { download, fileName } from "../../export/download.ts";
import type { StreamFigure } from "../chart/stream-figure.ts";
import { StreamLines } from "../chart/stream-lines.ts";
import type { ShownStream } from "../data/frames.ts";
import type { ShownKeys } from "../data/shown-keys.ts";
import type { StreamFeed } from "../data/stream-feed.ts";
import { streamCsv } from "../export/stream-csv.ts";
import { streamPng } from "../export/stream-picture.ts";
import type { StreamTime } from "./use-time.ts";

export function StreamExport({
	feed,
	stream,
	shown,
	measures,
	time,
	figures,
	ink,
	toImage,
}: {
	feed: StreamFeed;
	stream: ShownStream;
	shown: ShownKeys;
	measures: readonly string[];
	time: StreamTime;
	figures: ReadonlyMap<string, StreamFigure>;
	ink: Ink;
	toImage: LoadedPlot["toImage"];
}) {
	const [failed, setFailed] = useState<string>();
	const { store, history } = feed;
	const ready = Number.isFinite(time.extent().oldestMs);
	// A stream's name may have characters that a file's may not.
	const what = `stream-${stream.name.replaceAll(/[^\w.-]+/g, "_")}`;

	const savePng = async () => {
		try {
			const drawn = measures.flatMap((measure) => figures.get(measure) ?? []);
			const png = await streamPng(toImage, drawn, ink);
			download(fileName(what, Date.now(), "png"), [png], "image/png");
			setFailed(undefined);
		} catch (error) {
			setFailed(`no picture: ${String(error)}`);
		}
	};
	const saveCsv = () => {
		const lines = measures.flatMap((measure) => {
			const tracks = new StreamLines(store, measure, history);
			return shown.indices.flatMap((index) => {
				const track = tracks.trackOf(index);
				const key = store.keys[index]?.key ?? null;
				const { bucketMs } = history?.of(key, measure) ?? {};
				return track ? [{ key, measure, track, bucketMs }] : [];
			});
		});
		const parts = [...streamCsv(stream.key ?? "key", lines, time.visible())];
		download(fileName(what, Date.now(), "csv"), parts, "text/csv");
	};
	return (
		<div className="export">
			<button
				type="button"
				disabled={!ready || measures.length === 0}
				title="Save the charts as PNG"
				onClick={savePng}
			>
				PNG
			</button>
			<button
				type="button"
				disabled={!ready || measures.length === 0}
				title="Save the visible points as CSV"
				onClick={saveCsv}
			>
				CSV
			</button>
			{failed && <span role="alert">{failed}</span>}
		</div>
	);
}
