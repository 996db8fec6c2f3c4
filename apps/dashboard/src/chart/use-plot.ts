/**
 * Loads Plotly and its component, in the browser only and after the page itself, as it is by far
 * the largest part.
 */
import { useEffect, useState } from "react";
import type createPlotlyComponent from "react-plotly.js/factory";

type Plotly = typeof import("plotly.js-basic-dist-min").default;
export type Plot = ReturnType<typeof createPlotlyComponent>;

export interface LoadedPlot {
	Plot: Plot;
	toImage: Plotly["toImage"];
}

export function usePlot(): LoadedPlot | Error | undefined {
	const [loaded, setLoaded] = useState<LoadedPlot | Error>();
	useEffect(() => {
		let unmounted = false;
		const found = (it: LoadedPlot | Error) => {
			if (!unmounted) setLoaded(it);
		};
		Promise.all([
			import("plotly.js-basic-dist-min"),
			import("react-plotly.js/factory"),
		]).then(
			([{ default: plotly }, factory]) =>
				found({ Plot: factory.default(plotly), toImage: plotly.toImage }),
			(error) =>
				found(error instanceof Error ? error : new Error(String(error))),
		);
		return () => {
			unmounted = true;
		};
	}, []);
	return loaded;
}
