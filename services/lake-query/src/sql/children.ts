/** The processes of users' statements: started when needed, ended when idle or when in doubt. */
import { type ChildProcess, fork } from "node:child_process";
import type { Logger } from "@fireworks/service-kit";
import { RequestRefused } from "../http/request-refused.ts";
import {
	CHILD_HEAP_MB,
	CHILD_IDLE_MS,
	CHILD_KEEP_BYTES_MAX,
	STATEMENT_GRACE_MS,
	STATEMENT_MS,
} from "../limits.ts";
import type { FromChild, SqlTable, ToChild } from "./messages.ts";
import type { StatementRequest } from "./run-statement.ts";

/** The argument with which the program's own file becomes the process of statements. */
export const SQL_CHILD = "sql-child";

export interface ChildrenOptions {
	/** The file of the program: it calls runSqlChild if its argument is SQL_CHILD. */
	readonly program: string;
	readonly logger: Pick<Logger, "warn">;
}

export interface ChildAnswer {
	readonly body: Uint8Array;
	readonly truncated: boolean;
}

type Resolve = (tables: readonly string[]) => Promise<readonly SqlTable[]>;

export class Children {
	readonly #options: ChildrenOptions;
	readonly #all = new Set<ChildProcess>();
	readonly #idle = new Map<ChildProcess, NodeJS.Timeout>();

	constructor(options: ChildrenOptions) {
		this.#options = options;
	}

	get size(): number {
		return this.#all.size;
	}

	/**
	 * Runs a statement in a process that runs nothing else meanwhile. When the signal is aborted,
	 * ends that process and throws the signal's reason. Throws RequestRefused.
	 */
	async run(
		statement: StatementRequest,
		resolve: Resolve,
		signal: AbortSignal,
	): Promise<ChildAnswer> {
		signal.throwIfAborted();
		const child = this.#take();
		let keep = false;
		try {
			const last = await this.#talk(child, statement, resolve, signal);
			keep = last.bytes <= CHILD_KEEP_BYTES_MAX;
			if (last.kind === "refused")
				throw new RequestRefused(last.code, last.message);
			return last;
		} finally {
			if (keep) this.#rest(child);
			else this.#end(child);
		}
	}

	close(): void {
		for (const child of this.#all) this.#end(child);
	}

	async #talk(
		child: ChildProcess,
		statement: StatementRequest,
		resolve: Resolve,
		signal: AbortSignal,
	): Promise<Extract<FromChild, { kind: "done" | "refused" }>> {
		const end =
			Promise.withResolvers<Extract<FromChild, { kind: "done" | "refused" }>>();
		const say = (message: ToChild) => {
			// A process that is gone says so by its exit.
			child.send(message, () => {});
		};
		let late: NodeJS.Timeout | undefined;
		const onMessage = (message: FromChild) => {
			if (message.kind === "done" || message.kind === "refused")
				return end.resolve(message);
			if (message.kind !== "needs") return;
			resolve(message.tables).then((tables) => {
				late = setTimeout(
					() => end.reject(tooSlow()),
					STATEMENT_MS + STATEMENT_GRACE_MS,
				);
				say({ kind: "tables", tables });
			}, end.reject);
		};
		const onExit = (code: number | null, by: string | null) => {
			this.#options.logger.warn(
				{ code, signal: by, sql: statement.sql.slice(0, LOGGED_CHARACTERS) },
				"the process of a statement ended unexpectedly: this statement is refused, the next one gets a new process",
			);
			end.reject(
				new RequestRefused(
					"too-much-memory",
					"the statement's process ended, probably as it needed too much memory: read less time, or fewer columns",
				),
			);
		};
		const onError = (error: Error) =>
			end.reject(
				new RequestRefused("failed", `no process for it: ${error.message}`),
			);
		const onAbort = () => end.reject(signal.reason);
		child.on("message", onMessage);
		child.once("exit", onExit);
		child.once("error", onError);
		signal.addEventListener("abort", onAbort, { once: true });
		say({ kind: "statement", ...statement });
		try {
			return await end.promise;
		} finally {
			clearTimeout(late);
			signal.removeEventListener("abort", onAbort);
			child.off("message", onMessage).off("exit", onExit).off("error", onError);
		}
	}

	#take(): ChildProcess {
		const [idle] = this.#idle;
		if (idle !== undefined) {
			const [child, timer] = idle;
			clearTimeout(timer);
			this.#idle.delete(child);
			return child;
		}
		const child = fork(this.#options.program, [SQL_CHILD], {
			env: { TZ: "UTC" },
			execArgv: [`--max-old-space-size=${CHILD_HEAP_MB}`],
			serialization: "advanced",
			stdio: ["ignore", "ignore", "ignore", "ipc"],
		});
		this.#all.add(child);
		const gone = () => {
			this.#all.delete(child);
			clearTimeout(this.#idle.get(child));
			this.#idle.delete(child);
		};
		child.once("exit", gone);
		child.once("error", gone);
		return child;
	}

	#rest(child: ChildProcess): void {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const timer = setTimeout(() => this.#end(child), CHILD_IDLE_MS).unref();
		this.#idle.set(child, timer);
	}

	#end(child: ChildProcess): void {
		child.kill("SIGKILL");
	}
}

const LOGGED_CHARACTERS = 1_000;

const tooSlow = () =>
	new RequestRefused(
		"too-slow",
		`the statement took more than ${STATEMENT_MS / 1_000} s: read less time, or fewer rows`,
	);
