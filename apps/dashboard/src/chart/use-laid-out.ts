"use client";
/**
 * A figure on its way through react-plotly.js: given to React, and awaited until Plotly has drawn it.
 *
 * react-plotly.js queues every figure it is given and draws them all, later and later: so the next one is given only when this one is there.
 */
import { useCallback, useRef, useState } from "react";
import type { PlotElement } from "./line-painter.ts";

export function useLaidOut<F>() {
	const [figure, setFigure] = useState<F>();
	const settle = useRef<PromiseWithResolvers<PlotElement>>(undefined);
	const lay = useCallback((next: F): Promise<PlotElement> => {
		const settled = promiseWithResolvers<PlotElement>();
		settle.current = settled;
		setFigure(next);
		return settled.promise;
	}, []);
	const drawn = useCallback(
		(_figure: unknown, plot: unknown) =>
			settle.current?.resolve(plot as PlotElement),
		[],
	);
	const failed = useCallback(
		(error: unknown) => settle.current?.reject(error),
		[],
	);
	return { figure, lay, drawn, failed };
}

/** Promise.withResolvers is too new for browsers that are otherwise good enough. */
function promiseWithResolvers<T>(): PromiseWithResolvers<T> {
	let resolve!: PromiseWithResolvers<T>["resolve"];
	let reject!: PromiseWithResolvers<T>["reject"];
	const promise = new Promise<T>((yes, no) => {
		resolve = yes;
		reject = no;
	});
	return { promise, resolve, reject };
}
