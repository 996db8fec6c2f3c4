"use client";
/** The list of the lake's tables, read again every few seconds while the page is visible. */
import { useEffect, useState } from "react";
import { type LakeTable, lakeTables } from "../../lake/lake-api.ts";

const EVERY_MS = 5_000;

export interface Tables {
	/** undefined: not read yet. */
	tables: readonly LakeTable[] | undefined;
	/** Why the newest attempt failed. */
	failure: string | undefined;
}

export function useTables(hasLake: boolean): Tables {
	const [state, setState] = useState<Tables>({
		tables: undefined,
		failure: undefined,
	});
	useEffect(() => {
		if (!hasLake) return;
		const ended = new AbortController();
		let timer: ReturnType<typeof setTimeout>;
		const read = async () => {
			try {
				if (!document.hidden) {
					const tables = await lakeTables(ended.signal);
					setState({ tables, failure: undefined });
				}
			} catch (error) {
				if (ended.signal.aborted) return;
				setState(({ tables }) => ({
					tables,
					failure: error instanceof Error ? error.message : String(error),
				}));
			}
			timer = setTimeout(read, EVERY_MS);
		};
		void read();
		return () => {
			ended.abort();
			clearTimeout(timer);
		};
	}, [hasLake]);
	return state;
}
