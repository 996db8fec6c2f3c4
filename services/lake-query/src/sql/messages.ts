/** What the service and the process of a statement say to each other, one statement at a time. */
import type { RefusalCode } from "../http/request-refused.ts";

export type AnswerFormat = "json" | "csv";

export type ToChild =
	/** Begins a statement. tables: the names of all tables. */
	| {
			readonly kind: "statement";
			readonly sql: string;
			readonly format: AnswerFormat;
			readonly tables: readonly string[];
	  }
	/** The answer to "needs". */
	| { readonly kind: "tables"; readonly tables: readonly SqlTable[] };

export type FromChild =
	/** It can take statements. */
	| { readonly kind: "ready" }
	/** The statement reads these tables. */
	| { readonly kind: "needs"; readonly tables: readonly string[] }
	/** bytes: the process's resident memory now. */
	| {
			readonly kind: "done";
			readonly body: Uint8Array;
			readonly truncated: boolean;
			readonly bytes: number;
	  }
	| {
			readonly kind: "refused";
			readonly code: RefusalCode;
			readonly message: string;
			readonly bytes: number;
	  };

export interface SqlTable {
	readonly name: string;
	/** DuckDB's relation of its rows. */
	readonly relation: string;
	/** The only files that the statement may read. */
	readonly paths: readonly string[];
	readonly snapshotId: string | null;
	/** ms since 1970. */
	readonly committedAt: number | null;
}
