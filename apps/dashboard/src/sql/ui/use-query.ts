"use client";
/** Runs one query at a time: another one, or stop(), gives up the one before. */
import { useCallback, useEffect, useRef, useState } from "react";
import { runSql, type SqlAnswer } from "../../lake/lake-api.ts";

export type QueryState =
	| { kind: "none" }
	| { kind: "running"; before: SqlAnswer | undefined }
	| { kind: "answered"; answer: SqlAnswer }
	| { kind: "failed"; why: string };

export function useQuery() {
	const [state, setState] = useState<QueryState>({ kind: "none" });
	const running = useRef<AbortController>(undefined);
	const stop = useCallback(() => {
		if (running.current === undefined) return;
		running.current.abort();
		running.current = undefined;
		setState({ kind: "none" });
	}, []);
	const run = useCallback(async (sql: string) => {
		running.current?.abort();
		const mine = new AbortController();
		running.current = mine;
		setState((now) => ({
			kind: "running",
			before: now.kind === "answered" ? now.answer : undefined,
		}));
		try {
			const answer = await runSql(sql, mine.signal);
			if (running.current === mine) setState({ kind: "answered", answer });
		} catch (error) {
			if (running.current === mine)
				setState({
					kind: "failed",
					why: error instanceof Error ? error.message : String(error),
				});
		}
		if (running.current === mine) running.current = undefined;
	}, []);
	useEffect(() => () => running.current?.abort(), []);
	return { state, run, stop };
}
