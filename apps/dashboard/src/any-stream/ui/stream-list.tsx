/** All streams of the catalog, to choose one; and why there is nothing to choose. */
import { useState } from "react";
import { secondsUntil } from "../../ui/connection.tsx";
import { count } from "../../view/format.ts";
import { measureTitle } from "../view/measures.ts";
import { FIRST_VIEW, type StreamView, writeView } from "../view/view.ts";
import type { StreamList as List } from "./use-streams.ts";

/** More streams than this are found by the search. */
const SHOWN_MAX = 200;

export function StreamList({
	list,
	missing,
	change,
}: {
	list: List | undefined;
	/** The stream that the address names, and that is not in the catalog. */
	missing: string | undefined;
	change(changed: Partial<StreamView>): void;
}) {
	const [search, setSearch] = useState("");
	if (!list?.streams) return <Waiting list={list} />;
	const { streams } = list;
	const wanted = search.trim().toLowerCase();
	const found = streams.filter(({ name }) =>
		name.toLowerCase().includes(wanted),
	);
	return (
		<section className="stream-list" aria-labelledby="streams-title">
			{missing !== undefined && (
				<div className="problems" role="status">
					<h2>
						There is no stream <bdi>{missing}</bdi>
					</h2>
					<p>
						The catalog does not have it, or not yet: it is shown as soon as
						something publishes it.{" "}
						{streams.length > 0 && "These are the streams that there are."}
					</p>
				</div>
			)}
			<h2 id="streams-title">Streams</h2>
			{streams.length === 0 ? (
				<NoStreams />
			) : (
				<>
					<label className="stream-search">
						<span>Find a stream</span>
						<input
							type="search"
							autoComplete="off"
							value={search}
							onChange={(event) => setSearch(event.target.value)}
						/>
					</label>
					<ul className="stream-cards">
						{found.slice(0, SHOWN_MAX).map(({ name, key, measures }) => (
							<li key={name}>
								<a
									href={`/streams${writeView({ ...FIRST_VIEW, stream: name })}`}
									onClick={(event) => {
										if (event.ctrlKey || event.metaKey || event.shiftKey)
											return;
										event.preventDefault();
										change({ ...FIRST_VIEW, stream: name });
									}}
								>
									{name}
								</a>
								<p className="quiet">
									{Object.keys(measures).length === 0
										? "No measures: nothing can be drawn."
										: Object.entries(measures)
												.slice(0, 6)
												.map(([path, measure]) => measureTitle(path, measure))
												.join(", ")}
								</p>
								<p className="quiet">
									{key === null ? "Without a key" : `Key: ${key}`}
								</p>
							</li>
						))}
					</ul>
					<p className="quiet">
						{found.length > SHOWN_MAX
							? `${count(found.length - SHOWN_MAX)} more: search for them.`
							: `${count(found.length)} of ${count(streams.length)} streams`}
					</p>
				</>
			)}
		</section>
	);
}

function Waiting({ list }: { list: List | undefined }) {
	const state = list?.state;
	return (
		<section className="stream-list" aria-label="Streams">
			<h2>
				{state?.kind === "reconnecting"
					? `Cannot reach ${list?.url}`
					: "Connecting"}
			</h2>
			<p className="quiet">
				{state?.kind === "reconnecting"
					? `${state.why}: retrying, attempt ${state.attempt}, next try in ${secondsUntil(state.nextTryMs)} s. The middleware serves the list of streams: check that it runs (fireworks status).`
					: "The list of streams comes next."}
			</p>
		</section>
	);
}

const NoStreams = () => (
	<>
		<p>The catalog is empty: no stream has been published yet.</p>
		<p className="quiet">
			A pipeline publishes its streams when it starts. Make one:{" "}
			<code>fireworks new NAME</code>. Or bring a file:{" "}
			<code>fireworks ingest FILE --stream NAME</code>. The stream appears here
			without a reload.
		</p>
	</>
);
