/**
 * The number of sends per second, compared in turn with bare ws sending the same bytes, and the
 * memory cost of an idle client.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Blast } from "./blast.ts";
import { Peer } from "./peer.ts";
import { median } from "./quantile.ts";

const CONTENDERS = [
	{ name: "bare ws", file: "./bare-ws.ts" },
	{ name: "Fireworks", file: "./middleware-server.ts" },
] as const;

export async function sends(
	clients: Peer,
	count: number,
	rounds: number,
): Promise<void> {
	const servers = CONTENDERS.map(({ name, file }) => ({
		name,
		peer: new Peer(file),
		perSecond: [] as number[],
		perCpuSecond: [] as number[],
	}));
	try {
		for (const { name, peer } of servers) {
			const port = await peer.ask<number>("port");
			await clients.ask("connect", { group: name, port, count, atATime: 200 });
			// Warm up, so late compilation does not count in any round.
			await peer.ask("blast", { count: 50 });
		}
		for (let round = 0; round < rounds; round++)
			// Each server goes first equally often.
			for (const { peer, perSecond, perCpuSecond } of round % 2 === 0
				? servers
				: servers.toReversed()) {
				const { sends, wallMs, cpuMs } = await peer.ask<Blast>("blast", {
					count: 200_000 / count,
				});
				perSecond.push((sends * 1_000) / wallMs);
				perCpuSecond.push((sends * 1_000) / cpuMs);
			}
		console.log(
			`\n### Sends to ${count} clients, frames of 2 kB, as fast as the clients read\n\n| server | sends/s in each round | median | relative to bare ws | sends per CPU second, median | relative to bare ws |\n|---|---|---|---|---|---|`,
		);
		const [bare] = servers;
		for (const { name, perSecond, perCpuSecond } of servers)
			console.log(
				`| ${name} | ${perSecond.map(Math.round).join(", ")} | ${Math.round(median(perSecond))} | ${(median(perSecond) / median(bare?.perSecond ?? [])).toFixed(2)} | ${Math.round(median(perCpuSecond))} | ${(median(perCpuSecond) / median(bare?.perCpuSecond ?? [])).toFixed(2)} |`,
			);
	} finally {
		for (const { name, peer } of servers) {
			await clients.ask("cut", { group: name });
			await peer.end();
		}
	}
}

export async function memory(clients: Peer, count: number): Promise<void> {
	console.log(
		`\n### Memory of an idle client, of ${count}\n\n| server | kB a client, resident |\n|---|---|`,
	);
	for (const { name, file } of CONTENDERS) {
		const peer = new Peer(file);
		try {
			const port = await peer.ask<number>("port");
			const connect = { group: name, port, atATime: 200 };
			await clients.ask("connect", { ...connect, count: 500 });
			await clients.ask("cut", { group: name });
			await sleep(1_000);
			const before = await peer.ask<number>("resident");
			await clients.ask("connect", { ...connect, count });
			await sleep(2_000);
			const after = await peer.ask<number>("resident");
			console.log(
				`| ${name} | ${((after - before) / count / 1_000).toFixed(1)} |`,
			);
			await clients.ask("cut", { group: name });
		} finally {
			await peer.end();
		}
	}
}
