/**
 * Measures the middleware's fan-out: sends compared with bare ws, a crowd of clients, memory, the
 * time from commit to receipt on a real broker, and a storm of reconnecting clients. The clients
 * run in their own process.
 *
 *     pnpm bench:fanout [--only sends,memory,crowd,latency,storm] [--clients 1000]
 *                       [--crowd 1000,5000] [--storm 2000] [--rounds 31] [--seconds 20]
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { crowd } from "./crowd.ts";
import { latency } from "./latency.ts";
import { Peer } from "./peer.ts";
import { withSystem } from "./real-system.ts";
import { memory, sends } from "./sends.ts";
import { storm } from "./storm.ts";

const { values } = parseArgs({
	options: {
		only: { type: "string", default: "sends,memory,crowd,latency,storm" },
		clients: { type: "string", default: "1000" },
		crowd: { type: "string", default: "1000,5000" },
		storm: { type: "string", default: "2000" },
		rounds: { type: "string", default: "31" },
		seconds: { type: "string", default: "20" },
	},
});
const wanted = new Set(values.only.split(","));
const count = Number(values.clients);
const seconds = Number(values.seconds);

console.log(
	`${cpus().length} cores, ${cpus()[0]?.model}; Node ${process.versions.node}; load before: ${loadavg()[0]?.toFixed(1)}`,
);
const clients = new Peer("./clients.ts");
try {
	if (wanted.has("sends")) await sends(clients, count, Number(values.rounds));
	if (wanted.has("memory")) await memory(clients, 5 * count);
	if (wanted.has("crowd"))
		await crowd(clients, values.crowd.split(",").map(Number), seconds);
	if (wanted.has("latency") || wanted.has("storm"))
		await withSystem(async (system) => {
			if (wanted.has("latency"))
				await latency(system, clients, [1, count], seconds);
			if (wanted.has("storm"))
				await storm(system, clients, Number(values.storm));
		});
} finally {
	await clients.end();
}
