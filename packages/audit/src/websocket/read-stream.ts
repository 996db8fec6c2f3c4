/** Reads a middleware's websocket for a while, and checks whether it is fresh and exactly right. */
import { Client, type OpenSocket } from "@fireworks/client";
import type { Settings } from "@fireworks/contracts";
import { parseSeed } from "@fireworks/wiener";
import { WebSocket } from "ws";
import { EventChecker } from "./event-checker.ts";

export const VERIFY_SETTINGS = [
	"seed",
	"middlewareBearerToken",
	"metronomeIntervalMs",
	"metronomeAdvanceMs",
] as const;

export interface VerifyOptions {
	/** ws(s)://host:port/ws */
	url: string;
	/** Counted from the first frame with events. */
	readMs: number;
	/** Limit for the age of the newest event, by its own time. */
	ageMaxMs: number;
	settings: Settings<(typeof VERIFY_SETTINGS)[number]>;
}

export interface VerifyResult {
	/** The first findings. */
	findings: string[];
	findingsTotal: number;
	devices: number;
	events: number;
	recomputed: number;
	gaps: number;
	/**
	 * Age of the newest event at the end; null if event time is not wall time
	 * (FIREWORKS_METRONOME_ADVANCE_MS).
	 */
	ageMs: number | null;
	engine: string;
}

/**
 * How far back the snapshot goes. It is long enough for pairs of events, and short enough to
 * exclude older changes of a device's drift.
 */
const WINDOW_MS = 60_000;
const CONNECT_TIMEOUT_MS = 30_000;

/** Why there is no result. */
export class CouldNotRead extends Error {
	override name = "CouldNotRead";
}

/** Throws CouldNotRead if no events come at all. */
export async function readStream(
	options: VerifyOptions,
): Promise<VerifyResult> {
	const { url, readMs, settings } = options;
	const checker = new EventChecker(parseSeed(settings.seed));
	const client = new Client({
		url,
		subscription: { deviceIds: null, windowMs: WINDOW_MS },
		openSocket: opener(settings.middlewareBearerToken),
	});
	let engine = "";
	let gaps = 0;
	let why = "nothing answered";
	try {
		client.on("hello", (hello) => {
			engine = hello.engine;
		});
		client.on("gap", () => {
			gaps++;
			checker.startAgain();
		});
		client.on("state", (state) => {
			if (state.kind === "reconnecting") why = state.why;
			if (state.kind === "open") why = "no events came";
		});
		client.on("events", (frame) => {
			if (frame.type === "snapshot") checker.startAgain();
			checker.take(frame.columns, client.devices, frame.type === "batch");
		});
		client.start();
		await until(() => checker.events > 0, CONNECT_TIMEOUT_MS);
		if (checker.events === 0) throw new CouldNotRead(`${url}: ${why}`);
		// Each device has one tick in an interval, so wait for at least one event of each.
		const interval = settings.metronomeIntervalMs;
		await until(() => false, readMs);
		if (interval >= readMs)
			await until(() => checker.still(client.devices).length === 0, interval);
		return judge(options, checker, client, engine, gaps);
	} finally {
		client.close();
	}
}

function judge(
	{ ageMaxMs, settings }: VerifyOptions,
	checker: EventChecker,
	client: Client,
	engine: string,
	gaps: number,
): VerifyResult {
	const real = settings.metronomeAdvanceMs === settings.metronomeIntervalMs;
	const now = Date.now() + client.clockOffsetMs;
	const ageMs = real ? Math.round(now - checker.newest) : null;
	const bound = ageMaxMs + settings.metronomeIntervalMs;
	const findings = [...checker.findings];
	let findingsTotal = checker.findingsTotal;
	const find = (what: string) => {
		findingsTotal++;
		findings.push(what);
	};
	if (ageMs !== null && ageMs > bound)
		find(`the newest event is ${ageMs / 1_000} s old`);
	const still = checker.still(client.devices);
	if (still.length > 0)
		find(
			`${still.length} of ${client.devices.length} devices do not move: ${still.slice(0, 5).join(", ")}`,
		);
	return {
		findings,
		findingsTotal,
		devices: client.devices.length,
		events: checker.events,
		recomputed: checker.recomputed,
		gaps,
		ageMs,
		engine,
	};
}

/** Sends the token as a header. Browsers, and therefore Node's own WebSocket, cannot do that. */
const opener =
	(bearerToken: string): OpenSocket =>
	(url, protocol) =>
		new WebSocket(url, protocol, {
			handshakeTimeout: 10_000,
			...(bearerToken
				? { headers: { authorization: `Bearer ${bearerToken}` } }
				: {}),
		}) as unknown as ReturnType<OpenSocket>;

const POLL_MS = 50;

async function until(done: () => boolean, timeoutMs: number): Promise<void> {
	const deadline = performance.now() + timeoutMs;
	while (!done() && performance.now() < deadline)
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
