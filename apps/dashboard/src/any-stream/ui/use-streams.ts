"use client";
/** The list of streams, and the feed of one of them, for as long as a component lives. */
import {
	type ClientState,
	type StreamsWatch,
	watchStreams,
} from "@fireworks/client";
import { useEffect, useRef, useState } from "react";
import {
	resolveWebsocketUrl,
	type WebsocketTarget,
} from "../../server/websocket-target.ts";
import { hurryWhenBack, keepConnected } from "../../ui/use-live-stream.ts";
import type { ShownStream } from "../data/frames.ts";
import { StreamFeed } from "../data/stream-feed.ts";
import type { StreamView } from "../view/view.ts";

export interface StreamList {
	url: string;
	state: ClientState;
	/** undefined: the list has not come yet. */
	streams: readonly ShownStream[] | undefined;
	retryNow(): void;
}

export function useStreams({
	url,
	port,
	path,
}: WebsocketTarget): StreamList | undefined {
	const [list, setList] = useState<StreamList>();
	useEffect(() => {
		const resolved = resolveWebsocketUrl({ url, port, path }, location);
		const change = (changed: Partial<StreamList>) =>
			setList((now) => ({
				...{ url: resolved, streams: undefined, state: { kind: "idle" } },
				...{ retryNow: () => watch.retryNow() },
				...now,
				...changed,
			}));
		const watch: StreamsWatch = watchStreams(
			resolved,
			(streams) => change({ streams }),
			{ onState: (state) => change({ state }) },
		);
		const stop = hurryWhenBack(watch);
		return () => {
			stop();
			watch.close();
		};
	}, [url, port, path]);
	return list;
}

/** name: undefined while the stream is not in the list. */
export function useFeed(
	url: string | undefined,
	name: string | undefined,
	keys: StreamView["keys"],
	hasLake: boolean,
): StreamFeed | undefined {
	const [feed, setFeed] = useState<StreamFeed>();
	const first = useRef(keys);
	first.current = keys;
	useEffect(() => {
		if (url === undefined || name === undefined) return;
		const made = new StreamFeed(url, name, first.current, hasLake);
		setFeed(made);
		const disconnect = keepConnected(made);
		return () => {
			disconnect();
			setFeed(undefined);
		};
	}, [url, name, hasLake]);
	return feed;
}
