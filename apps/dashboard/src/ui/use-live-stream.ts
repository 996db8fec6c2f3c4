/** The one stream of the page, from mounting to unmounting. */
import { useEffect, useState } from "react";
import {
	resolveWebsocketUrl,
	type WebsocketTarget,
} from "../server/websocket-target.ts";
import { LiveStream } from "../stream/live-stream.ts";

/** Connects, until the answer is called. */
export function keepConnected(live: LiveStream): () => void {
	// The network is back, or the page is looked at again: no reason to wait for the next try.
	const hurry = () => {
		if (!document.hidden) live.retryNow();
	};
	addEventListener("online", hurry);
	document.addEventListener("visibilitychange", hurry);
	live.start();
	return () => {
		removeEventListener("online", hurry);
		document.removeEventListener("visibilitychange", hurry);
		live.stop();
	};
}

export function useLiveStream({
	url,
	port,
}: WebsocketTarget): LiveStream | undefined {
	const [stream, setStream] = useState<LiveStream>();
	useEffect(() => {
		const live = new LiveStream(resolveWebsocketUrl({ url, port }, location));
		setStream(live);
		return keepConnected(live);
	}, [url, port]);
	return stream;
}
