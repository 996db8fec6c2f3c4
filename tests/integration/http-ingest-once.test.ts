/** Idempotency-Key of services/ingest: a repeated request is written once, whatever dies. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import {
	type HttpIngestRun,
	type Posted,
	startHttpIngest,
} from "../harness/http-ingest-run.ts";
import { meterStream, meterText } from "../harness/meter-stream.ts";
import { killProcessesAfterEach } from "../harness/node-process.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
killProcessesAfterEach();

const started = async (
	environment: Record<string, string>,
	port?: number,
): Promise<HttpIngestRun> => {
	const run = await startHttpIngest(environment, port);
	await run.ready();
	return run;
};
const key = (name: string) => ({ "idempotency-key": name });

/** Repeats a request until it is answered, as a client does. */
const persistent = (
	runs: () => HttpIngestRun[],
	stream: string,
	body: string,
	name: string,
): Promise<Posted> =>
	waitFor(`the answer to ${name}`, async () => {
		for (const run of runs()) {
			const answer = await run.post(stream, body, key(name));
			if (answer.status < 300) return answer;
		}
		return undefined;
	});

test("the same key gets the same answer, and writes once; also at the same time, and after a restart", async () => {
	const stream = await meterStream(broker);
	const first = await started(stream.environment);
	const body = `${meterText(1)}\nbad`;
	const together = await Promise.all(
		Array.from({ length: 10 }, () => first.post(stream.name, body, key("a"))),
	);
	const replayed = together.map(({ headers }) =>
		headers.get("idempotency-replayed"),
	);
	expect(replayed.filter((one) => one === "false")).toHaveLength(1);
	const answers = new Set(together.map(({ json }) => JSON.stringify(json)));
	expect(answers.size).toBe(1);

	const other = await first.post(stream.name, meterText(2), key("a"));
	expect([other.status, other.json.error.code]).toEqual([
		422,
		"idempotency-key-reused",
	]);
	first.child.kill("SIGKILL");
	await first.exit;
	const second = await started(stream.environment, first.port);
	const again = await second.post(stream.name, body, key("a"));
	expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([
		207,
		"true",
	]);
	expect(answers).toContain(JSON.stringify(again.json));
	expect(await stream.allTexts()).toEqual([meterText(1)]);
	expect(await stream.deadLetters(1)).toHaveLength(1);
});

test("the same keys at two replicas at once: each is written once", async () => {
	const stream = await meterStream(broker);
	const runs = await Promise.all([
		started(stream.environment),
		started(stream.environment),
	]);
	const texts = Array.from({ length: 60 }, (_, i) => meterText(i));
	const answers = await Promise.all(
		texts.flatMap((text) =>
			runs.map((run) => run.post(stream.name, text, key(text.slice(0, 9)))),
		),
	);
	expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
	const written = answers.filter(
		({ headers }) => headers.get("idempotency-replayed") === "false",
	);
	expect(written).toHaveLength(texts.length);
	expect(await stream.allTexts()).toEqual([...texts].sort());
});

test("killed in the middle, again and again: every request once", async () => {
	const stream = await meterStream(broker);
	const other = await started(stream.environment);
	let killed = await started(stream.environment);
	const kills = 3;
	const bodies: string[] = [];
	let next = 0;
	let running = true;
	const send = async (index: number): Promise<void> => {
		while (running) {
			const id = next++;
			const body = `${meterText(id)}\n${meterText(id, 2)}`;
			bodies.push(meterText(id), meterText(id, 2));
			const runs = () => (index % 2 === 0 ? [killed, other] : [other, killed]);
			const { json } = await persistent(runs, stream.name, body, `k${id}`);
			expect(json.accepted).toBe(2);
		}
	};
	const clients = Array.from({ length: 8 }, (_, i) => send(i));
	for (let kill = 0; kill < kills; kill++) {
		const before = next;
		await waitForValue(
			"some requests",
			() => next,
			(value) => value > before + 30,
		);
		killed.child.kill("SIGKILL");
		await killed.exit;
		// On the same port it takes over its own id; on another, the other replica has to.
		killed = await started(
			stream.environment,
			kill % 2 === 0 ? killed.port : undefined,
		);
	}
	running = false;
	await Promise.all(clients);
	expect(await stream.allTexts()).toEqual(bodies.sort());
});

test("a replica that stands still is fenced, and what it had claimed is written by the other", async () => {
	const stream = await meterStream(broker);
	const still = await started(stream.environment);
	const other = await started(stream.environment);
	// Requests that stop in the middle, at whatever point.
	const name = randomUUID();
	const texts = Array.from({ length: 40 }, (_, i) => meterText(i));
	const stopped = texts.map((text, i) =>
		still.post(stream.name, text, key(`${name}-${i}`)),
	);
	for (const answer of stopped) answer.catch(() => {});
	await waitFor("the first answer", () => Promise.race(stopped));
	still.child.kill("SIGSTOP");
	for (const [i, text] of texts.entries())
		await persistent(() => [other], stream.name, text, `${name}-${i}`);
	still.child.kill("SIGCONT");
	const answers = await Promise.all(stopped);
	expect(answers.map(({ json }) => json.accepted)).toEqual(texts.map(() => 1));
	expect(await stream.allTexts()).toEqual([...texts].sort());
	// It works on, with the identity that was taken from it.
	const later = await still.post(stream.name, meterText(99), key(`${name}-l`));
	expect(later.json.accepted).toBe(1);
});
