/**
 * The comparison with a second engine, if one is set for the page. It begins when both the stream
 * and the code for it are there.
 */
import { useEffect, useState } from "react";
import type { Comparison } from "../compare/comparison.ts";
import {
	resolveWebsocketUrl,
	type WebsocketTarget,
} from "../server/websocket-target.ts";
import type { LiveStream } from "../stream/live-stream.ts";
import { keepConnected } from "./use-live-stream.ts";

export function useComparison(
	stream: LiveStream | undefined,
	target: WebsocketTarget | undefined,
): Comparison | undefined {
	const [comparison, setComparison] = useState<Comparison>();
	const { url, port, path } = target ?? {};
	useEffect(() => {
		if (!stream || url === undefined || path === undefined) return;
		let unmounted = false;
		let end = () => {};
		import("../compare/comparison.ts").then(
			({ Comparison }) => {
				if (unmounted) return;
				const made = new Comparison(
					stream,
					resolveWebsocketUrl({ url, port, path }, location),
				);
				const disconnect = keepConnected(made.streams[1]);
				end = () => {
					disconnect();
					made.end();
				};
				setComparison(made);
			},
			(error) => console.error("the engines cannot be compared", error),
		);
		return () => {
			unmounted = true;
			end();
			setComparison(undefined);
		};
	}, [stream, url, port, path]);
	return comparison;
}
