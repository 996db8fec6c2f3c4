/** The one stream of the page, from mounting to unmounting. */
import { useEffect, useState } from "react";
import {
	resolveWebsocketUrl,
	type WebsocketTarget,
} from "../server/websocket-target.ts";
import { LiveStream } from "../stream/live-stream.ts";

/**
 * The network is back, or the page is visible again: does not wait for the next attempt. The
 * returned function ends it.
 */
export function hurryWhenBack(connected: { retryNow(): void }): () => void {
	const hurry = () => {
		if (!document.hidden) connected.retryNow();
	};
	addEventListener("online", hurry);
	document.addEventListener("visibilitychange", hurry);
	return () => {
		removeEventListener("online", hurry);
		document.removeEventListener("visibilitychange", hurry);
	};
}

/** Connects; the returned function disconnects. */
export function keepConnected(
	live: Pick<LiveStream, "start" | "stop" | "retryNow">,
): () => void {
	const stop = hurryWhenBack(live);
	live.start();
	return () => {
		stop();
		live.stop();
	};
}

export function useLiveStream({
	url,
	port,
	path,
}: WebsocketTarget): LiveStream | undefined {
	const [stream, setStream] = useState<LiveStream>();
	useEffect(() => {
		const live = new LiveStream(
			resolveWebsocketUrl({ url, port, path }, location),
		);
		setStream(live);
		return keepConnected(live);
	}, [url, port, path]);
	return stream;
}
