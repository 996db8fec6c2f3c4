/** A catalog that speaks Iceberg's REST protocol. */
import { z } from "zod";
import { CatalogError, CatalogUnavailableError } from "../errors.ts";
import { parseJson, stringifyJson } from "../iceberg/json.ts";
import { parseMetadata } from "../iceberg/metadata.ts";
import {
	type Catalog,
	type CommitAnswer,
	type LoadedTable,
	NAMESPACE,
	type NewTable,
} from "./catalog.ts";

/** Longer, and the outcome counts as unknown: the same request is sent again. */
const REQUEST_TIMEOUT_MS = 15_000;

const REASON_LENGTH = 300;

const OK = 200;
const REDIRECT = 300;
const NOT_FOUND = 404;
const CONFLICT = 409;
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

const isTemporary = (status: number) =>
	status >= SERVER_ERROR || status === TOO_MANY_REQUESTS;

interface Answer {
	readonly status: number;
	readonly text: string;
}

const config = z.object({
	defaults: z.record(z.string(), z.string()).nullish(),
	overrides: z.record(z.string(), z.string()).nullish(),
});
const tableAnswer = z.object({
	"metadata-location": z.string().nullish(),
	metadata: z.unknown(),
});
const page = z.object({
	identifiers: z.array(z.object({ name: z.string() })),
	"next-page-token": z.string().nullish(),
});

export class RestCatalog implements Catalog {
	readonly #uri: string;
	readonly #warehouse: string;
	readonly #headers: Record<string, string>;
	#prefix: Promise<string> | undefined;

	constructor(location: {
		readonly uri: string;
		readonly warehouse: string;
		readonly token?: string;
	}) {
		this.#uri = location.uri.replace(/\/+$/, "");
		this.#warehouse = location.warehouse;
		this.#headers = {
			"content-type": "application/json",
			...(location.token && { authorization: `Bearer ${location.token}` }),
		};
	}

	async list(): Promise<readonly string[]> {
		const names: string[] = [];
		let token = "";
		do {
			const query = token && `?pageToken=${encodeURIComponent(token)}`;
			const answer = await this.#ask("GET", `${await this.#tables()}${query}`);
			if (answer.status === NOT_FOUND) break;
			const { identifiers, "next-page-token": next } = page.parse(
				parseJson(expectOk(answer, "list the tables")),
			);
			names.push(...identifiers.map(({ name }) => name));
			token = next ?? "";
		} while (token !== "");
		return names.sort();
	}

	async load(name: string): Promise<LoadedTable | undefined> {
		const answer = await this.#ask("GET", await this.#table(name));
		if (answer.status === NOT_FOUND) return undefined;
		return tableIn(expectOk(answer, `load the table ${name}`), name);
	}

	async create(table: NewTable): Promise<"created" | "exists"> {
		const namespaces = `${await this.#base()}/namespaces`;
		const namespace = await this.#ask("POST", namespaces, {
			namespace: [NAMESPACE],
			properties: {},
		});
		if (namespace.status !== CONFLICT)
			expectOk(namespace, `create the namespace ${NAMESPACE}`);
		const answer = await this.#ask("POST", await this.#tables(), {
			name: table.name,
			schema: table.schema,
			"partition-spec": table.spec,
			properties: table.properties,
		});
		if (answer.status === CONFLICT) return "exists";
		expectOk(answer, `create the table ${table.name}`);
		return "created";
	}

	async rename(from: string, to: string): Promise<"renamed" | "taken"> {
		const answer = await this.#ask(
			"POST",
			`${await this.#base()}/tables/rename`,
			{
				source: { namespace: [NAMESPACE], name: from },
				destination: { namespace: [NAMESPACE], name: to },
			},
		);
		if (answer.status === CONFLICT || answer.status === NOT_FOUND)
			return "taken";
		expectOk(answer, `rename the table ${from} to ${to}`);
		return "renamed";
	}

	/** The catalog does that by itself. */
	async removeLeftovers(): Promise<void> {}

	async commit(name: string, body: string): Promise<CommitAnswer> {
		let answer: Answer;
		try {
			answer = await this.#send("POST", await this.#table(name), body);
		} catch (error) {
			return { outcome: "unknown", reason: reasonOf(error) };
		}
		const { status, text } = answer;
		if (status >= OK && status < REDIRECT) return this.#committed(name, text);
		const reason = shown(answer);
		if (status === CONFLICT) return { outcome: "conflict", reason };
		if (isTemporary(status)) return { outcome: "unknown", reason };
		throw new CatalogError(
			`the catalog refused the commit to the table ${name}: ${reason}`,
		);
	}

	/** An answer that was cut short leaves the outcome unknown: the commit is sent again. */
	#committed(name: string, text: string): CommitAnswer {
		try {
			return { outcome: "committed", table: tableIn(text, name) };
		} catch (error) {
			return { outcome: "unknown", reason: reasonOf(error) };
		}
	}

	async #table(name: string): Promise<string> {
		return `${await this.#tables()}/${encodeURIComponent(name)}`;
	}

	async #tables(): Promise<string> {
		return `${await this.#base()}/namespaces/${NAMESPACE}/tables`;
	}

	/** The catalog says under which prefix it keeps the warehouse. */
	#base(): Promise<string> {
		this.#prefix ??= this.#readPrefix().catch((error) => {
			this.#prefix = undefined;
			throw error;
		});
		return this.#prefix;
	}

	async #readPrefix(): Promise<string> {
		const warehouse = encodeURIComponent(this.#warehouse);
		const answer = await this.#ask(
			"GET",
			`${this.#uri}/v1/config?warehouse=${warehouse}`,
		);
		const { defaults, overrides } = config.parse(
			parseJson(expectOk(answer, "read its configuration")),
		);
		const prefix = overrides?.prefix ?? defaults?.prefix;
		return prefix ? `${this.#uri}/v1/${prefix}` : `${this.#uri}/v1`;
	}

	async #ask(method: string, url: string, body?: unknown): Promise<Answer> {
		const text = body === undefined ? undefined : stringifyJson(body);
		const answer = await this.#send(method, url, text).catch((cause) => {
			throw new CatalogUnavailableError(
				`the catalog at ${this.#uri} cannot be reached: ${reasonOf(cause)}`,
				{ cause },
			);
		});
		if (isTemporary(answer.status))
			throw new CatalogUnavailableError(
				`the catalog at ${this.#uri} failed: ${shown(answer)}`,
			);
		return answer;
	}

	async #send(
		method: string,
		url: string,
		body: string | undefined,
	): Promise<Answer> {
		const response = await fetch(url, {
			method,
			headers: this.#headers,
			signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
			...(body !== undefined && { body }),
		});
		return { status: response.status, text: await response.text() };
	}
}

function tableIn(text: string, name: string): LoadedTable {
	const answer = tableAnswer.parse(parseJson(text));
	return {
		metadataLocation: answer["metadata-location"] ?? "",
		metadata: parseMetadata(answer.metadata, `table ${name}`),
	};
}

const shown = ({ status, text }: Answer) =>
	`${status} ${text.slice(0, REASON_LENGTH)}`;

function expectOk(answer: Answer, what: string): string {
	if (answer.status >= OK && answer.status < REDIRECT) return answer.text;
	throw new CatalogError(`the catalog could not ${what}: ${shown(answer)}`);
}

/** What fetch says is only "fetch failed": the reason is in its cause. */
const reasonOf = (error: unknown): string =>
	error instanceof Error
		? [error.message, (error.cause as Error | undefined)?.message]
				.filter(Boolean)
				.join(": ")
		: String(error);
