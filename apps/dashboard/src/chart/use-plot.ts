/** Plotly's component, loaded in the browser only and after the page itself: it is by far the largest part. */
import { useEffect, useState } from "react";
import type createPlotlyComponent from "react-plotly.js/factory";

export type Plot = ReturnType<typeof createPlotlyComponent>;

export function usePlot(): Plot | Error | undefined {
	const [plot, setPlot] = useState<{ plot: Plot | Error }>();
	useEffect(() => {
		let gone = false;
		const found = (plot: Plot | Error) => {
			if (!gone) setPlot({ plot });
		};
		Promise.all([
			import("plotly.js-basic-dist-min"),
			import("react-plotly.js/factory"),
		]).then(
			([plotly, factory]) => found(factory.default(plotly.default)),
			(error) =>
				found(error instanceof Error ? error : new Error(String(error))),
		);
		return () => {
			gone = true;
		};
	}, []);
	return plot?.plot;
}
