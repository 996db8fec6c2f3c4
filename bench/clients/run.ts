/**
 * Compares the clients that could be used under the port: transactions of 2,500 records, and
 * reading them, in turn, all in this process.
 *
 *     pnpm bench:clients [--records 200000] [--rounds 3]
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { startTestKafka } from "@fireworks/local-kafka/testing";
import type { OutgoingRecord } from "@fireworks/streams";
import { testLog } from "../../tests/harness/stream.ts";
import { runTopics } from "../throughput/topics.ts";
import { kafkajs, platformatic } from "./contenders.ts";

const { values } = parseArgs({
	options: {
		records: { type: "string", default: "200000" },
		rounds: { type: "string", default: "3" },
	},
});
const RECORDS = Number(values.records);
const PER_TRANSACTION = 2_500;

const transactions = Array.from(
	{ length: Math.ceil(RECORDS / PER_TRANSACTION) },
	(_, t): OutgoingRecord[] =>
		Array.from({ length: PER_TRANSACTION }, (_, i) => ({
			partition: t % 4,
			key: `device-${String(i).padStart(4, "0")}`,
			value: `{"deviceId":"device-${String(i).padStart(4, "0")}","seq":${t},"timestamp":1767225617000,"dt":1,"increment":-1.2574871252612883,"value":${Math.sqrt(i)},"drift":0,"volatility":1}`,
			timestamp: Date.now(),
		})),
);

const kafka = await startTestKafka({ heapMb: 1_024, fullSpeed: true });
const log = testLog(kafka.brokers);
try {
	const clients = [kafkajs(log), platformatic(kafka.brokers)];
	const rows = new Map(
		clients.map((client) => [
			client.name,
			{ write: [] as number[], read: [] as number[] },
		]),
	);
	for (let round = 0; round < Number(values.rounds); round++) {
		for (const [i, client] of clients.entries()) {
			const { output } = runTopics(`clients-${round}-${i}`);
			await log.ensureTopics([output]);
			rows
				.get(client.name)
				?.write.push(
					await perSecond(() => client.write(output.name, transactions)),
				);
			rows
				.get(client.name)
				?.read.push(
					await perSecond(() =>
						client.read(output.name, transactions.length * PER_TRANSACTION),
					),
				);
		}
	}
	console.log(
		`${cpus().length} cores, ${cpus()[0]?.model}; ${RECORDS} records of about 170 bytes\n`,
	);
	console.log(
		"| client | written in transactions, records/s, each round | read committed, records/s, each round |\n|---|---|---|",
	);
	for (const [name, { write, read }] of rows)
		console.log(`| ${name} | ${write.join(", ")} | ${read.join(", ")} |`);
} finally {
	await log.close();
	await kafka.stop();
}

async function perSecond(work: () => Promise<void>): Promise<number> {
	const started = performance.now();
	await work();
	return Math.round(
		(transactions.length * PER_TRANSACTION * 1_000) /
			(performance.now() - started),
	);
}
