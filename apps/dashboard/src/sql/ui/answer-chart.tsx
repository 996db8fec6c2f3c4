"use client";
/** The answer as a chart. The table has the same values for users who cannot see it. */
import { useMemo, useRef } from "react";
import { CONFIG } from "../../chart/layout.ts";
import { useInk } from "../../chart/use-ink.ts";
import { usePlot } from "../../chart/use-plot.ts";
import { useSize } from "../../chart/use-size.ts";
import type { SqlAnswer } from "../../lake/lake-api.ts";
import { answerFigure } from "../answer-figure.ts";

export function AnswerChart({
	answer,
	chart,
}: {
	answer: SqlAnswer;
	chart: "line" | "bar";
}) {
	const plot = usePlot();
	const ink = useInk();
	const ground = useRef<HTMLElement>(null);
	const size = useSize(ground);
	const figure = useMemo(
		() => (ink && size ? answerFigure(answer, chart, size, ink) : undefined),
		[answer, chart, size, ink],
	);
	const failed = plot instanceof Error ? plot.message : undefined;
	const loaded = plot instanceof Error ? undefined : plot;
	return (
		<section ref={ground} className="chart" aria-label="Chart of the answer">
			{failed && <p role="alert">The chart could not be loaded: {failed}</p>}
			{figure && "why" in figure && <p className="quiet">{figure.why}</p>}
			{loaded && figure && "data" in figure && (
				<loaded.Plot
					className="plot"
					data={figure.data}
					layout={figure.layout}
					config={CONFIG}
				/>
			)}
		</section>
	);
}
