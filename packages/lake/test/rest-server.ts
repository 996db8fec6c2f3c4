/**
 * The catalog of a folder, spoken to by Iceberg's REST protocol, which can fail in the ways that a
 * network and a catalog can.
 */
import {
	createServer,
	type IncomingMessage,
	type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { LoadedTable, NewTable } from "../src/catalog/catalog.ts";
import { FileCatalog } from "../src/catalog/file-catalog.ts";
import { stringifyJson } from "../src/iceberg/json.ts";
import type { LakeLocation } from "../src/index.ts";

export type Fault =
	/** The connection breaks before the commit is applied. */
	| "lost-request"
	/** The commit is applied, then the connection breaks. */
	| "lost-answer"
	/** The commit is applied, and the answer is 503. */
	| "error-after"
	/** The answer is 503, and the commit is not applied. */
	| "error-before"
	/** The connection breaks, and the commit is applied later, when it may have been sent again. */
	| "late";

const LATE_MS = 120;

export interface RestServer {
	readonly folder: string;
	readonly location: LakeLocation;
	readonly catalog: FileCatalog;
	/** Asked for each commit. */
	fault: (body: string) => Fault | undefined | Promise<Fault | undefined>;
	/** The bodies of all commits that came, and whether they were applied. */
	readonly commits: { body: string; outcome: string }[];
	/** What each request must bring; undefined: nothing. */
	token: string | undefined;
}

export async function restServer(folder: string): Promise<RestServer> {
	const catalog = new FileCatalog(folder);
	const state: RestServer = {
		folder,
		location: { catalog: { kind: "files", folder } },
		catalog,
		fault: () => undefined,
		commits: [],
		token: undefined,
	};
	const server = createServer((request, response) => {
		answer(state, request, response).catch((error) =>
			send(response, 500, { error: { message: String(error) } }),
		);
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	const uri = `http://127.0.0.1:${port}/catalog/`;
	return Object.assign(state, {
		location: {
			catalog: { kind: "rest", uri, warehouse: "lake", token: "secret" },
		},
	});
}

const CONFLICT = { error: { message: "requirement failed", code: 409 } };

async function answer(
	state: RestServer,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	let body = "";
	for await (const chunk of request) body += chunk;
	const { pathname } = new URL(request.url ?? "", "http://localhost");
	const [, ...path] = pathname
		.split("/")
		.filter(Boolean)
		.map(decodeURIComponent);
	const route = `${request.method} ${path.slice(0, 4).join("/")}`;
	const name = path[5] ?? "";
	if (state.token && request.headers.authorization !== `Bearer ${state.token}`)
		return send(response, 401, { error: { message: "who are you?" } });
	if (route === "GET v1/config")
		return send(response, 200, { defaults: {}, overrides: { prefix: "lake" } });
	if (route === "POST v1/lake/namespaces") return send(response, 409, CONFLICT);
	if (route === "POST v1/lake/tables/rename") {
		const { source, destination } = JSON.parse(body);
		const outcome = await state.catalog.rename(source.name, destination.name);
		return send(
			response,
			outcome === "taken" ? 409 : 204,
			outcome === "taken" ? CONFLICT : undefined,
		);
	}
	if (route === "GET v1/lake/namespaces/fireworks" && name === "")
		return send(response, 200, {
			identifiers: (await state.catalog.list()).map((each) => ({
				namespace: ["fireworks"],
				name: each,
			})),
		});
	if (route === "POST v1/lake/namespaces/fireworks" && name === "")
		return create(state, body, response);
	if (route === "POST v1/lake/namespaces/fireworks")
		return commit(state, name, body, response);
	const table = await state.catalog.load(name);
	send(
		response,
		table ? 200 : 404,
		table ? tableJson(table) : { error: { message: "no table" } },
	);
}

const tableJson = ({ metadataLocation, metadata }: LoadedTable) => ({
	"metadata-location": metadataLocation,
	metadata,
});

async function create(
	state: RestServer,
	body: string,
	response: ServerResponse,
) {
	const wanted = JSON.parse(body);
	const table: NewTable = { ...wanted, spec: wanted["partition-spec"] };
	const outcome = await state.catalog.create(table);
	const made = await state.catalog.load(table.name);
	if (outcome === "exists" || made === undefined)
		return send(response, 409, CONFLICT);
	send(response, 200, tableJson(made));
}

async function commit(
	state: RestServer,
	name: string,
	body: string,
	response: ServerResponse,
) {
	const fault = await state.fault(body);
	const apply = async () => {
		const outcome = await state.catalog.commit(name, body);
		state.commits.push({ body, outcome: outcome.outcome });
		return outcome;
	};
	if (fault === "error-before") return send(response, 503, {});
	if (fault === "lost-request") return cut(response);
	if (fault === "late") {
		cut(response);
		await sleep(LATE_MS);
		await apply();
		return;
	}
	const outcome = await apply();
	if (fault === "lost-answer") return cut(response);
	if (fault === "error-after") return send(response, 503, {});
	if (outcome.outcome === "committed")
		return send(response, 200, tableJson(outcome.table));
	send(response, 409, CONFLICT);
}

function send(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { "content-type": "application/json" });
	response.end(body === undefined ? "" : stringifyJson(body));
}

function cut(response: ServerResponse): void {
	response.socket?.destroy();
}
