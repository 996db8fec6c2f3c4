"use client";
/**
 * Passes a figure through react-plotly.js: gives it to React, and waits until Plotly has drawn it.
 *
 * react-plotly.js queues every figure that it gets and draws them all, later and later. So the next
 * one is given only when this one is drawn.
 */
import { useCallback, useRef, useState } from "react";
import type { PlotElement } from "./plotly-dom.ts";

export function useLaidOut<F>() {
	const [figure, setFigure] = useState<F>();
	const settle = useRef<PromiseWithResolvers<PlotElement>>(undefined);
	const layOut = useCallback((next: F): Promise<PlotElement> => {
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
	return { figure, layOut, drawn, failed };
}

/** Promise.withResolvers is too new: some browsers that we otherwise support lack it. */
function promiseWithResolvers<T>(): PromiseWithResolvers<T> {
	let resolve!: PromiseWithResolvers<T>["resolve"];
	let reject!: PromiseWithResolvers<T>["reject"];
	const promise = new Promise<T>((yes, no) => {
		resolve = yes;
		reject = no;
	});
	return { promise, resolve, reject };
}
