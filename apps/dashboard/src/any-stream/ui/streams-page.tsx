"use client";
/** The page of all streams: the list, or one stream that the address names. */
import { useEffect } from "react";
import type { WebsocketTarget } from "../../server/websocket-target.ts";
import { Connection } from "../../ui/connection.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Pages } from "../../ui/pages.tsx";
import { usePulse } from "../../ui/use-pulse.ts";
import type { StreamView } from "../view/view.ts";
import { StreamList } from "./stream-list.tsx";
import { StreamPanel } from "./stream-panel.tsx";
import { useAddress } from "./use-address.ts";
import { type StreamList as List, useFeed, useStreams } from "./use-streams.ts";

/** Readers cannot follow text that changes ten times a second. */
const TEXT_INTERVAL_MS = 250;
/** Without a stream only times change, such as that of the next attempt to connect. */
const TIME_ONLY = { onChange: () => () => {} };

export function StreamsPage({
	target,
	hasLake,
}: {
	target: WebsocketTarget;
	/** Whether the page's server relays questions to the lake. */
	hasLake: boolean;
}) {
	const list = useStreams(target);
	const { view, wrong, change } = useAddress();
	const known = list?.streams?.some(({ name }) => name === view?.stream);
	// A stream that is not in the catalog is shown as soon as it is.
	const feed = useFeed(
		list?.url,
		known ? view?.stream : undefined,
		view?.keys ?? [],
		hasLake,
	);
	const one = feed && feed.name === view?.stream ? feed : undefined;
	useEffect(() => {
		document.title = `${view?.stream ?? "streams"} · Fireworks`;
	}, [view?.stream]);
	usePulse(one ?? TIME_ONLY, TEXT_INTERVAL_MS);
	return (
		<main className="streams" data-connection={(one ?? list)?.state.kind}>
			<header>
				<h1>
					<Logo /> Fireworks
				</h1>
				<Pages current={view && !view.stream ? "/streams" : undefined} />
				<Connection stream={one ?? list} />
			</header>
			{wrong && wrong.length > 0 && (
				<div className="problems" role="alert">
					<h2>The address has parts that mean nothing</h2>
					<ul>
						{wrong.map((text) => (
							<li key={text}>{text}</li>
						))}
					</ul>
				</div>
			)}
			{view && <Content {...{ view, list, one, change }} />}
			<noscript>This page draws in the browser: it needs JavaScript.</noscript>
		</main>
	);
}

function Content({
	view,
	list,
	one,
	change,
}: {
	view: StreamView;
	list: List | undefined;
	one: ReturnType<typeof useFeed>;
	change(changed: Partial<StreamView>): void;
}) {
	if (one && list?.streams)
		return (
			<StreamPanel
				// Another stream begins with nothing of the one before.
				key={one.name}
				feed={one}
				streams={list.streams}
				view={view}
				change={change}
			/>
		);
	return <StreamList list={list} missing={view.stream} change={change} />;
}
