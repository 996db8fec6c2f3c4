/** Asks the two services of the lake over HTTP, where the local system runs them. */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { targetName } from "../commands/choose.ts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { readState } from "../local/state/state.ts";
import { reachable } from "../local/supervisor/http-probe.ts";
import { isAlive } from "../process/identity.ts";
import { type AllSettings, parseAll, stateFolderOf } from "../settings.ts";
import { safe } from "../streams/text.ts";

/** The time for an answer. The service ends a query that takes too long before that. */
const ANSWER_MAX_MS = 120_000;
/** A longer answer is an error: the service bounds its answers itself. */
const ANSWER_BYTES_MAX = 256 * 1_048_576;

export interface LakePart {
	/** Such as http://127.0.0.1:8086 */
	readonly url: string;
	/** The token that the service demands; empty for none. */
	readonly token: string;
}

/**
 * Where a part of the lake answers. Throws CliError if the system does not run here, or runs
 * without the lake.
 */
export function lakePart(name: "lake" | "lake-query"): LakePart {
	const target = targetName({});
	if (target !== "local")
		throw new CliError(
			CLI_EXIT.usage,
			`The lake is part of the local system, and Fireworks runs on the target ${target}: add --local, or stop that one first (\`fireworks down\`).`,
		);
	const state = readState(stateFolderOf(process.env).stateFile);
	if (state === undefined || !isAlive(state.supervisor))
		throw off("Fireworks is not running.");
	const port = state.parts.find((part) => part.name === name)?.ports.http;
	if (port === undefined)
		throw off(
			"Fireworks runs without the lake.",
			"stop it (`sh bootstrap.sh down`), then ",
		);
	const settings = parseAll({ ...state.settings, ...process.env });
	return {
		url: `http://${reachable(settings.host)}:${port}`,
		token: name === "lake" ? "" : tokenOf(settings),
	};
}

const off = (what: string, first = "") =>
	new CliError(
		CLI_EXIT.failure,
		`${what}\n  What to do: ${first}start it with the lake: \`sh bootstrap.sh up --local --lake\``,
	);

const tokenOf = ({
	lakeQueryBearerToken: token,
	lakeQueryBearerTokenFile: file,
}: AllSettings): string =>
	file === "" ? token : readFileSync(file, "utf8").trimEnd();

export interface Answer {
	readonly status: number;
	readonly body: string;
	/** A CSV cannot say by itself that there are more rows. */
	readonly truncated: boolean;
}

/** body: sent as JSON with POST; undefined: GET. Throws CliError if no answer comes. */
export async function askLake(
	{ url, token }: LakePart,
	path: string,
	body?: object,
): Promise<Answer> {
	try {
		return await exchange(new URL(path, url), token, body);
	} catch (error) {
		const { name, message } = error as Error;
		const why =
			name === "TimeoutError" || name === "AbortError"
				? `no answer within ${ANSWER_MAX_MS / 1_000} s`
				: message;
		throw new CliError(
			CLI_EXIT.failure,
			`The lake does not answer at ${url}: ${why}.\n  What to do: see \`fireworks status\` and \`fireworks logs ${path === "/sql" ? "lake-query" : "lake"}\`.`,
			{ cause: error },
		);
	}
}

const exchange = (
	url: URL,
	token: string,
	body: object | undefined,
): Promise<Answer> =>
	new Promise((resolve, reject) => {
		const sent = request(url, {
			agent: false,
			method: body === undefined ? "GET" : "POST",
			headers: {
				...(body === undefined ? {} : { "content-type": "application/json" }),
				...(token === "" ? {} : { authorization: `Bearer ${token}` }),
			},
			signal: AbortSignal.timeout(ANSWER_MAX_MS),
		});
		sent.on("error", reject);
		sent.on("response", (response) => {
			const chunks: Buffer[] = [];
			let bytes = 0;
			response.on("data", (chunk: Buffer) => {
				bytes += chunk.length;
				if (bytes > ANSWER_BYTES_MAX)
					sent.destroy(new Error("the answer is too long"));
				else chunks.push(chunk);
			});
			response.on("error", reject);
			response.on("end", () =>
				resolve({
					status: response.statusCode ?? 0,
					body: Buffer.concat(chunks).toString("utf8"),
					truncated: response.headers["fireworks-truncated"] === "true",
				}),
			);
		});
		sent.end(body && JSON.stringify(body));
	});

/** The JSON of an answer. Integers that a number cannot hold stay as the text of their digits. */
export const parseAnswer = (body: string): unknown =>
	JSON.parse(body, (_key, value, context?: { source?: string }) =>
		Number.isInteger(value) && !Number.isSafeInteger(value)
			? (context?.source ?? value)
			: value,
	);

/** What a service says about its refusal. */
export function refusalOf({
	status,
	body,
}: Pick<Answer, "status" | "body">): string {
	try {
		const { error } = JSON.parse(body) as { error?: { message?: unknown } };
		if (typeof error?.message === "string") return safe(error.message);
	} catch {
		// Not JSON: the text itself.
	}
	return safe(body.trim()) || `it answered ${status}`;
}
