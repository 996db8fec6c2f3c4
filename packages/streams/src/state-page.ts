/**
 * `GET /state/<key>`: the state of a key, from whichever process has its partition. A process that
 * does not have it asks the others, whose addresses it learns from the consumer group.
 *
 * The owner answers between two transactions, so the state is committed, and it says which offsets
 * are in it and how many records are not. A process that has lost touch with the group could have
 * been replaced; it answers 503, never with an old state.
 */
import { EXIT } from "@fireworks/contracts";
import {
	type HealthAnswer,
	ServiceExit,
	sameSecret,
} from "@fireworks/service-kit";
import type { StateRead } from "./stage/read-state.ts";
import type { RunningStage } from "./stage/run-stage.ts";

/** Shows the states of a stage to everyone who has the token. */
export interface ExposeState {
	/** Callers send it as `Authorization: Bearer <token>`. At least 16 characters. */
	readonly token: string;
	/**
	 * Where the other processes of the stage reach this one. Default: `http://`, the first address
	 * that is not of this machine only, and the port; 127.0.0.1 if the service listens only there.
	 */
	readonly address?: string;
}

const TOKEN_LEAST = 16;
/** Marks a request of another process, which is not forwarded again. */
const FORWARDED = "x-fireworks-forwarded";
/** More processes than this are not asked. */
const PEERS_MAX = 64;
const PEER_TIMEOUT_MS = 3_000;
/** It waits for the transaction in progress. */
const READ_TIMEOUT_MS = 5_000;
/** A process that does not have the partition. */
const MISDIRECTED = 421;

export type StateRequest = (
	key: string,
	headers: Readonly<Record<string, string | string[] | undefined>>,
) => Promise<HealthAnswer>;

/** Ends the service if the token is too short. */
export function checkToken({ token }: ExposeState): void {
	if (token.length < TOKEN_LEAST)
		throw new ServiceExit(
			EXIT.config,
			`exposeState needs a token of at least ${TOKEN_LEAST} characters: everyone who has it can read every state`,
		);
}

export function statePage(
	running: RunningStage,
	{ token }: ExposeState,
): StateRequest {
	const { owner } = running;
	return async (key, headers) => {
		const given = /^Bearer (.+)$/i.exec(String(headers.authorization))?.[1];
		if (given === undefined || !sameSecret(given, token))
			return answer(401, { reason: "a bearer token is needed" });
		const read = await inTime(running.read(key), {
			where: "unknown",
			reason: `the partition is busy for more than ${READ_TIMEOUT_MS} ms`,
		});
		if (read.where === "unknown")
			return answer(503, { key, reason: read.reason, owner });
		if (read.where === "here") return found(key, read, owner);
		const { partition } = read;
		if (headers[FORWARDED] !== undefined)
			return answer(MISDIRECTED, { key, partition, reason: "not here" });
		return (
			(await askOthers(await running.addresses(), key, token)) ??
			answer(503, {
				key,
				partition,
				reason: "no process says that it has the partition now",
			})
		);
	};
}

function found(
	key: string,
	{ state, partition, position, lag }: StateRead & { where: "here" },
	owner: string,
): HealthAnswer {
	const place = { partition, position, lag, owner };
	return state === null
		? answer(404, { key, reason: "the key has no state", ...place })
		: answer(200, { key, state: jsonOr(state), ...place });
}

/** The first answer of a process that has the partition; otherwise why it cannot answer now. */
async function askOthers(
	addresses: readonly string[],
	key: string,
	token: string,
): Promise<HealthAnswer | undefined> {
	const asked = addresses
		.slice(0, PEERS_MAX)
		.map((address) => ask(address, key, token));
	const answers = await Promise.all(asked);
	const knows = answers.find((one) => one !== undefined && one.status < 500);
	return knows ?? answers.find((one) => one !== undefined);
}

async function ask(
	address: string,
	key: string,
	token: string,
): Promise<HealthAnswer | undefined> {
	try {
		const response = await fetch(
			new URL(`/state/${encodeURIComponent(key)}`, address),
			{
				headers: { authorization: `Bearer ${token}`, [FORWARDED]: "1" },
				signal: AbortSignal.timeout(PEER_TIMEOUT_MS),
				redirect: "error",
			},
		);
		const body = await response.text();
		return [200, 404, 503].includes(response.status)
			? { status: response.status, body }
			: undefined;
	} catch {
		// It is away, or no longer at this address. Then another one has its partitions soon.
		return undefined;
	}
}

async function inTime(
	read: Promise<StateRead>,
	late: StateRead,
): Promise<StateRead> {
	const timer = Promise.withResolvers<StateRead>();
	const timeout = setTimeout(() => timer.resolve(late), READ_TIMEOUT_MS);
	try {
		return await Promise.race([read, timer.promise]);
	} finally {
		clearTimeout(timeout);
	}
}

const answer = (status: number, body: object): HealthAnswer => ({
	status,
	body: `${JSON.stringify(body)}\n`,
});

/** A state that is not JSON is shown as text. */
function jsonOr(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
