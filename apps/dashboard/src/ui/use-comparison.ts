/** The comparison with a second engine, where the page was told of one: from when both the stream and the code for it are there. */
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
	const { url, port } = target ?? {};
	useEffect(() => {
		if (!stream || url === undefined || port === undefined) return;
		let gone = false;
		let end = () => {};
		import("../compare/comparison.ts").then(
			({ Comparison }) => {
				if (gone) return;
				const made = new Comparison(
					stream,
					resolveWebsocketUrl({ url, port }, location),
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
			gone = true;
			end();
			setComparison(undefined);
		};
	}, [stream, url, port]);
	return comparison;
}
