/**
 * The process of users' statements. A crash of DuckDB, or a statement that takes all memory, ends
 * this process, and the service starts another one. It knows no secrets: its environment is empty.
 */
import { writeFileSync } from "node:fs";
import { RequestRefused } from "../http/request-refused.ts";
import { CHILD_BYTES_MAX, CHILD_WATCH_MS } from "../limits.ts";
import type { FromChild, SqlTable, ToChild } from "./messages.ts";
import { runStatement } from "./run-statement.ts";

export function runSqlChild(): void {
	watchMemory();
	// The service is gone. DuckDB may be working on another thread, so nothing gentler ends it.
	process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
	let answerNeeds: ((tables: readonly SqlTable[]) => void) | undefined;
	process.on("message", (message: ToChild) => {
		if (message.kind === "tables") return answerNeeds?.(message.tables);
		const resolve = (tables: readonly string[]) => {
			const { promise, resolve } = Promise.withResolvers<readonly SqlTable[]>();
			answerNeeds = resolve;
			say({ kind: "needs", tables });
			return promise;
		};
		runStatement(message, resolve).then(
			({ body, truncated }) =>
				say({
					kind: "done",
					body: Buffer.from(body),
					truncated,
					bytes: process.memoryUsage.rss(),
				}),
			(error: unknown) => {
				const { code, message } =
					error instanceof RequestRefused
						? error
						: new RequestRefused("failed", String(error));
				const bytes = process.memoryUsage.rss();
				say({ kind: "refused", code, message, bytes });
			},
		);
	});
	say({ kind: "ready" });
}

const say = (message: FromChild): void => {
	process.send?.(message);
};

/** Some functions of DuckDB take memory that its own limit does not count. */
function watchMemory(): void {
	try {
		// Of all processes here, Linux shall end this one first.
		writeFileSync("/proc/self/oom_score_adj", "1000");
	} catch {
		// Not Linux, or not allowed: the watch below is enough.
	}
	const timer = setInterval(() => {
		const bytes = process.memoryUsage.rss();
		if (bytes <= CHILD_BYTES_MAX) return;
		clearInterval(timer);
		// The service ends this process, as it has so much memory.
		say({
			kind: "refused",
			code: "too-much-memory",
			message: `the statement needs more than ${CHILD_BYTES_MAX / 1_048_576} MB: read less time, or fewer columns`,
			bytes,
		});
	}, CHILD_WATCH_MS).unref();
}
