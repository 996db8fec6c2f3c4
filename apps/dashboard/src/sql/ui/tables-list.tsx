/** The lake's tables: their columns, sizes, and how fresh they are. */
import { useEffect, useState } from "react";
import type { LakeTable } from "../../lake/lake-api.ts";
import { age, count, instant } from "../../view/format.ts";
import type { Tables } from "./use-tables.ts";

/** More tables than this are only counted. */
const SHOWN_MAX = 200;
const AGES_EVERY_MS = 1_000;

export function TablesList({
	tables,
	failure,
	choose,
}: Tables & { choose(table: string): void }) {
	const [nowMs, setNowMs] = useState<number>();
	useEffect(() => {
		const tick = () => setNowMs(Date.now());
		tick();
		const timer = setInterval(tick, AGES_EVERY_MS);
		return () => clearInterval(timer);
	}, []);
	return (
		<section className="tables" aria-labelledby="tables-title">
			<h2 id="tables-title">Tables</h2>
			{failure && <p role="alert">{failure}. It is asked again.</p>}
			{tables === undefined && !failure && <p className="quiet">Reading…</p>}
			{tables?.length === 0 && (
				<p className="quiet">
					The lake has no tables yet. A stream is kept if its definition says{" "}
					<code>table: true</code>.
				</p>
			)}
			<ul>
				{tables?.slice(0, SHOWN_MAX).map((table) => (
					<Table key={table.name} {...{ table, nowMs, choose }} />
				))}
			</ul>
			{tables && tables.length > SHOWN_MAX && (
				<p className="quiet">{count(tables.length - SHOWN_MAX)} more tables.</p>
			)}
		</section>
	);
}

function Table({
	table: { name, columns, rows, files, bytes, committedAt, timeMin, timeMax },
	nowMs,
	choose,
}: {
	table: LakeTable;
	nowMs: number | undefined;
	choose(table: string): void;
}) {
	return (
		<li data-table={name}>
			<button
				type="button"
				className="first-rows"
				title={`Show the first rows of ${name}`}
				onClick={() => choose(name)}
			>
				<bdi>{name}</bdi>
			</button>
			<p className="quiet">
				{count(rows)} {rows === 1 ? "row" : "rows"},{" "}
				{committedAt === null
					? "nothing committed yet"
					: `up to ${instant(committedAt).slice(11, 19)}`}
				{committedAt !== null &&
					nowMs !== undefined &&
					`, ${age(Math.max(0, nowMs - committedAt)).replace(/\.\d s$/, " s")} ago`}
			</p>
			<details>
				<summary>{count(columns.length)} columns</summary>
				<ul className="columns">
					{columns.map((column) => (
						<li key={column.name}>
							<bdi>{column.name}</bdi>{" "}
							<span className="quiet">{column.type}</span>
						</li>
					))}
				</ul>
				<p className="quiet">
					{count(files)} files, {count(Math.ceil(bytes / 1_000))} kB
				</p>
				{timeMin !== null && timeMax !== null && (
					<p className="quiet">
						From {instant(timeMin).slice(0, 19)} to{" "}
						{instant(timeMax).slice(0, 19)}
					</p>
				)}
			</details>
		</li>
	);
}
