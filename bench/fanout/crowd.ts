/** Thousands of clients that all receive everything: how often, and the load on the event loop. */
import { setTimeout as sleep } from "node:timers/promises";
import { Peer } from "./peer.ts";

interface Served {
	lagP50: number;
	lagP99: number;
	lagMax: number;
	flushesPerSecond: number;
	gaps: number;
	cpu: number;
}

export async function crowd(
	clients: Peer,
	counts: readonly number[],
	seconds: number,
): Promise<void> {
	console.log(
		`\n### All events to every client, for ${seconds} s: 1,000 events/s, 25 at a time\n\n| clients | batches/s to each | sends/s | event loop late, ms: p50 | p99 | longest | CPU, of a core | gaps |\n|---|---|---|---|---|---|---|---|`,
	);
	for (const count of counts) {
		const peer = new Peer("./middleware-server.ts");
		const group = `crowd-${count}`;
		try {
			const port = await peer.ask<number>("port");
			await clients.ask("connect", { group, port, count, atATime: 200 });
			await peer.ask("serve", { seconds: 5, everyMs: 25, records: 25 });
			await sleep(500);
			const before = await clients.ask<{ frames: number }>("received", {
				group,
			});
			const s = await peer.ask<Served>("serve", {
				seconds,
				everyMs: 25,
				records: 25,
			});
			await sleep(500);
			const after = await clients.ask<{ frames: number }>("received", {
				group,
			});
			const sends = (after.frames - before.frames) / seconds;
			console.log(
				`| ${count} | ${s.flushesPerSecond.toFixed(1)} | ${Math.round(sends)} | ${s.lagP50.toFixed(1)} | ${s.lagP99.toFixed(1)} | ${s.lagMax.toFixed(1)} | ${s.cpu.toFixed(2)} | ${s.gaps} |`,
			);
		} finally {
			await clients.ask("cut", { group });
			await peer.end();
		}
	}
}
