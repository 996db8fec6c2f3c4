/** The process that runs the clients. */
import { setTimeout as sleep } from "node:timers/promises";
import { nowMs } from "./now.ts";
import { answer } from "./peer.ts";
import { quantile } from "./quantile.ts";
import { type FrameHead, RawClient } from "./raw-client.ts";

const groups = new Map<string, RawClient[]>();
/** By seq: when each client received it. */
const receipts = new Map<number, number[]>();
/** The newest position that any client of a group received. */
const positions = new Map<string, string>();

interface Connect {
	/** Name of these clients. */
	group: string;
	port: number;
	count: number;
	query?: string;
	/** Number of clients to connect at a time; without it, all at once. */
	atATime?: number;
	/** Record when each seq is received. */
	timed?: boolean;
}

const allOf = (group: string): RawClient[] => groups.get(group) ?? [];

/** Connects. Answers when all clients are served, with each client's time in ms since the start. */
async function connectAll({
	group,
	port,
	count,
	query = "",
	atATime = count,
	timed = false,
}: Connect): Promise<number[]> {
	const clients: RawClient[] = [];
	groups.set(group, clients);
	const begun = nowMs();
	const servedMs: number[] = [];
	const onFrame = ({ type, text, atMs }: FrameHead, client: RawClient) => {
		if (type === "error") console.error(text);
		if (type !== "snapshot" && type !== "batch") return;
		if (!client.served) servedMs.push(atMs - begun);
		if (!client.served || timed) notePosition(group, text);
		if (timed && type === "batch") noteReceipt(text, atMs);
	};
	while (clients.length < count) {
		const some = Math.min(atATime, count - clients.length);
		for (let i = 0; i < some; i++)
			clients.push(new RawClient({ port, query, tellAll: timed, onFrame }));
		while (clients.length - servedMs.length > atATime / 2 && atATime < count)
			await sleep(1);
	}
	for (const end = begun + 120_000; servedMs.length < count; await sleep(2))
		if (nowMs() > end)
			throw new Error(`${servedMs.length} of ${count} clients were served`);
	return servedMs;
}

function notePosition(group: string, text: string): void {
	const position = /"position":"([^"]+)"/.exec(text)?.[1];
	if (position !== undefined) positions.set(group, position);
}

function noteReceipt(text: string, atMs: number): void {
	const seq = /"seq":\[(\d+)/.exec(text)?.[1];
	if (seq === undefined) return;
	const all = receipts.get(Number(seq));
	if (all === undefined) receipts.set(Number(seq), [atMs]);
	else all.push(atMs);
}

answer({
	connect: connectAll,
	/** A bare server sends nothing to a client that connects, so send it one frame. */
	position: ({ group }: { group: string }) => positions.get(group),
	cut: ({ group }: { group: string }) => {
		for (const client of allOf(group)) client.cut();
		groups.delete(group);
	},
	received: ({ group }: { group: string }) => ({
		frames: allOf(group).reduce((sum, c) => sum + c.frames, 0),
		bytes: allOf(group).reduce((sum, c) => sum + c.bytes, 0),
		least: allOf(group).reduce((n, c) => Math.min(n, c.frames), Infinity),
	}),
	forgetReceipts: () => receipts.clear(),
	/**
	 * from: [seq, ms] of each record. Answers with quantiles of the ms from then to each client's
	 * receipt.
	 */
	latencies: ({ from }: { from: [number, number][] }) => {
		const all = from.flatMap(([seq, ms]) =>
			(receipts.get(seq) ?? []).map((atMs) => atMs - ms),
		);
		return {
			count: all.length,
			p50: quantile(all, 0.5),
			p99: quantile(all, 0.99),
			max: quantile(all, 1),
		};
	},
});
