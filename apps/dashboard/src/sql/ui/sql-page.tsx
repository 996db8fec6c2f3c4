"use client";
/** SQL over the tables of the lake: a query, its answer as a table or a chart, and the tables. */
import { useCallback, useEffect, useRef, useState } from "react";
import { Logo } from "../../ui/logo.tsx";
import { Pages } from "../../ui/pages.tsx";
import {
	firstRowsOf,
	readSqlView,
	type SqlView,
	writeSqlView,
} from "../sql-view.ts";
import { AnswerView } from "./answer-view.tsx";
import { SqlEditor } from "./sql-editor.tsx";
import { TablesList } from "./tables-list.tsx";
import { useQuery } from "./use-query.ts";
import { useTables } from "./use-tables.ts";

export function SqlPage({ hasLake }: { hasLake: boolean }) {
	return (
		<main className="sql">
			<header>
				<h1>
					<Logo /> Fireworks
				</h1>
				<Pages current="/sql" />
			</header>
			{hasLake ? (
				<SqlBench />
			) : (
				<p className="quiet">
					The lake is off: <code>sh bootstrap.sh up --local --lake</code>
				</p>
			)}
			<noscript>This page works in the browser: it needs JavaScript.</noscript>
		</main>
	);
}

function SqlBench() {
	const tables = useTables(true);
	const query = useQuery();
	const { run } = query;
	const { view, change } = useSqlAddress(run);
	const start = (sql: string) => {
		change({ sql });
		if (sql.trim() !== "") void run(sql);
	};
	return (
		<div className="bench">
			<section className="query" aria-label="Query">
				<SqlEditor
					sql={view.sql}
					running={query.state.kind === "running"}
					run={start}
					stop={query.stop}
				/>
				<AnswerView
					state={query.state}
					chart={view.chart}
					choose={(chart) => change({ chart })}
				/>
			</section>
			<TablesList {...tables} choose={(table) => start(firstRowsOf(table))} />
		</div>
	);
}

/** The view, kept in the page's address. A query that the address has is run. */
function useSqlAddress(run: (sql: string) => Promise<void>) {
	const [view, setView] = useState<SqlView>({ sql: "", chart: "none" });
	const current = useRef(view);
	useEffect(() => {
		const look = () => {
			const found = readSqlView(location.search);
			current.current = found;
			setView(found);
			if (found.sql.trim() !== "") void run(found.sql);
		};
		look();
		addEventListener("popstate", look);
		return () => removeEventListener("popstate", look);
	}, [run]);
	/** Another query is another entry of the browser's history. */
	const change = useCallback((changed: Partial<SqlView>) => {
		const before = current.current;
		const next = { ...before, ...changed };
		current.current = next;
		setView(next);
		const address = `${location.pathname}${writeSqlView(next) ?? ""}`;
		if (next.sql !== before.sql) history.pushState(null, "", address);
		else history.replaceState(null, "", address);
	}, []);
	return { view, change };
}
