/**
 * All clients reconnect at once: to the pod that they lost, and to one that was killed and
 * restarted.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "../../tests/harness/service.ts";
import type { Peer } from "./peer.ts";
import { quantile } from "./quantile.ts";
import type { RealSystem } from "./real-system.ts";

export async function storm(
	{ middleware, feed }: RealSystem,
	clients: Peer,
	count: number,
): Promise<void> {
	await feed();
	let service = await middleware();
	const group = "storm";
	const connect = (more: object) =>
		clients.ask<number[]>("connect", {
			group,
			port: service.port,
			count,
			...more,
		});
	await connect({ atATime: 100 });
	console.log(
		`\n### ${count} clients come back at once, with the position that they had\n\n| to | served, ms: first half | 99 of 100 | all | resumed | snapshots |\n|---|---|---|---|---|---|`,
	);
	const comeBack = async (to: string, lose: () => Promise<void>) => {
		const position = await clients.ask<string>("position", { group });
		await lose();
		const before = await countsOf(service);
		const query = `?after=${encodeURIComponent(position)}`;
		const servedMs = await connect({ query });
		const after = await countsOf(service);
		console.log(
			`| ${to} | ${[0.5, 0.99, 1].map((q) => Math.round(quantile(servedMs, q))).join(" | ")} | ${after.resumes - before.resumes} | ${after.snapshots - before.snapshots} |`,
		);
	};
	await comeBack(
		"the same pod, after the network was gone for 2 s",
		async () => {
			await clients.ask("cut", { group });
			await sleep(2_000);
		},
	);
	await comeBack("a pod that was killed and started again", async () => {
		await service.kill();
		await clients.ask("cut", { group });
		service = await middleware();
	});
	await clients.ask("cut", { group });
}

const countsOf = async (service: Service) => ({
	resumes: await service.metric("fireworks_middleware_resumes_total"),
	snapshots: await service.metric("fireworks_middleware_snapshots_total"),
});
