/** services/ingest as a process on a real broker: what is written, and what is answered. */
import { once } from "node:events";
import { request } from "node:http";
import { partitionOf } from "@fireworks/contracts";
import { expect, test } from "vitest";
import {
	type HttpIngestRun,
	startHttpIngest,
} from "../harness/http-ingest-run.ts";
import { meterStream, meterText } from "../harness/meter-stream.ts";
import { killProcessesAfterEach } from "../harness/node-process.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
killProcessesAfterEach();

const started = async (
	environment: Record<string, string>,
): Promise<HttpIngestRun> => {
	const run = await startHttpIngest(environment);
	await run.ready();
	return run;
};

test("records keep their text, key and time; a refused one is a dead letter, and the others are written", async () => {
	const stream = await meterStream(broker);
	const run = await started(stream.environment);
	const exact =
		'{"id": 9007199254740993, "at":"2026-01-31T12:00:00+01:00","value":1.10}';
	const array = await run.post(stream.name, `[ ${exact} , ${meterText(2)}]`, {
		"content-type": "application/json",
	});
	expect([array.status, array.json]).toEqual([
		200,
		{ accepted: 2, refused: 0, errors: [] },
	]);
	const mixed = await run.post(
		stream.name,
		`${meterText(3)}\r\n\n{"id":4}\nnot json\n${meterText(5)}`,
	);
	expect([mixed.status, mixed.json]).toEqual([
		207,
		{
			accepted: 2,
			refused: 2,
			errors: [
				{
					line: 3,
					code: "bad-field",
					message: expect.stringContaining("at: "),
					path: "at",
				},
				{
					line: 4,
					code: "bad-json",
					message: expect.stringContaining("not JSON"),
				},
			],
		},
	]);
	const records = await stream.records(4);
	expect(records.map(({ value }) => String(value)).sort()).toEqual(
		[exact, meterText(2), meterText(3), meterText(5)].sort(),
	);
	for (const { key, partition } of records)
		expect(partition).toBe(partitionOf(key as Buffer, 4));
	expect(
		records.find(({ value }) => String(value) === exact)?.key?.toString(),
	).toBe("9007199254740993");

	const dead = await stream.deadLetters(2);
	const headersOf = (text: string) =>
		dead.find(({ value }) => String(value) === text)?.headers;
	expect(headersOf('{"id":4}')).toEqual({
		"error-code": "bad-field",
		"error-message": expect.stringContaining("at: "),
		"source-topic": `http:/streams/${stream.name}`,
		"source-line": "3",
		"target-stream": stream.name,
	});
	expect(headersOf("not json")).toMatchObject({ "error-code": "bad-json" });

	const { text } = await run.get("/metrics");
	expect(text).toContain(
		`fireworks_ingest_records_total{stream="${stream.name}"} 4`,
	);
	expect(text).toContain(
		'fireworks_ingest_refused_records_total{reason="bad-json"} 1',
	);
	run.child.kill("SIGTERM");
	expect([await run.exit, run.output()]).toEqual([
		0,
		expect.stringContaining("stopped in order"),
	]);
});

test("records without a key go to all partitions; many errors are counted", async () => {
	const stream = await meterStream(broker, { key: null });
	const run = await started(stream.environment);
	const { json } = await run.post(
		stream.name,
		[...Array(40).keys()].map((i) => meterText(i)).join("\n") +
			"\nbad".repeat(150),
	);
	expect(json).toMatchObject({ accepted: 40, refused: 150, moreErrors: 50 });
	expect(json.errors).toHaveLength(100);
	const records = await stream.records(40);
	expect(records.every(({ key }) => key === null)).toBe(true);
	expect(new Set(records.map(({ partition }) => partition)).size).toBe(4);
});

test("a stream that is published while the service runs works without a restart", async () => {
	const stream = await meterStream(broker, { later: true });
	const run = await started(stream.environment);
	const before = await run.post(stream.name, meterText(1));
	expect([before.status, before.json.error.code]).toEqual([
		404,
		"unknown-stream",
	]);
	await stream.publish();
	await waitForValue(
		"the new stream",
		async () => (await run.post(stream.name, meterText(2))).status,
		(status) => status === 200,
	);
	expect(await stream.allTexts()).toEqual([meterText(2)]);
});

test("what refuses a whole request writes nothing", async () => {
	const stream = await meterStream(broker);
	const run = await started(stream.environment);
	const refused = async (
		body: string,
		headers: Record<string, string> = {},
	): Promise<unknown[]> => {
		const { status, json } = await run.post(stream.name, body, headers);
		return [status, json.error.code];
	};
	const json = { "content-type": "application/json" };
	const good = meterText(1);
	expect(await refused(`[${good},{]`, json)).toEqual([400, "bad-json"]);
	expect(await refused(`[${good}] x`, json)).toEqual([400, "bad-json"]);
	expect(await refused("7", json)).toEqual([400, "bad-json"]);
	expect(await refused("\n \n")).toEqual([400, "no-records"]);
	expect(await refused(good, { "content-type": "text/plain" })).toEqual([
		415,
		"bad-content-type",
	]);
	expect(await refused(good, { "content-encoding": "gzip" })).toEqual([
		415,
		"bad-content-type",
	]);
	expect(await refused(good, { "idempotency-key": "a b" })).toEqual([
		400,
		"bad-idempotency-key",
	]);
	expect(await refused(good, { origin: "https://example.org" })).toEqual([
		403,
		"page-not-allowed",
	]);
	expect(await refused(`${good}\n`.repeat(10_001))).toEqual([
		413,
		"too-many-records",
	]);
	expect(await refused(`${good}\n{"id":"${"x".repeat(1_000_000)}"}`)).toEqual([
		413,
		"record-too-large",
	]);
	expect(await refused(" ".repeat(9_000_000) + good)).toEqual([
		413,
		"body-too-large",
	]);
	expect((await run.get(`/streams/${stream.name}`)).status).toBe(405);
	await run.post(stream.name, meterText(2));
	expect(await stream.allTexts()).toEqual([meterText(2)]);
});

test("with a token, only those who have it may write; probes need none", async () => {
	const stream = await meterStream(broker);
	const run = await started({
		...stream.environment,
		FIREWORKS_INGEST_BEARER_TOKEN: "secret",
	});
	const statusWith = async (headers: Record<string, string>) =>
		(await run.post(stream.name, meterText(1), headers)).status;
	expect(await statusWith({})).toBe(401);
	expect(await statusWith({ authorization: "Bearer wrong" })).toBe(401);
	expect(await statusWith({ authorization: "Bearer secret" })).toBe(200);
	expect(await stream.allTexts()).toEqual([meterText(1)]);
});

test("without a token on another address than the machine's own, it warns", async () => {
	const { environment } = await meterStream(broker);
	const run = await started({ ...environment, FIREWORKS_HOST: "0.0.0.0" });
	expect(run.output()).toContain("set FIREWORKS_INGEST_BEARER_TOKEN");
});

/** A request whose body is sent by hand. */
function openRequest(run: HttpIngestRun, stream: string) {
	const client = request({
		port: run.port,
		path: `/streams/${stream}`,
		method: "POST",
		headers: { "content-type": "application/x-ndjson" },
	});
	const answer = once(client, "response").then(([response]) => {
		response.resume();
		return response.statusCode as number;
	});
	return { client, answer };
}

test("a stop finishes the requests in progress, and takes no others", async () => {
	const stream = await meterStream(broker);
	const run = await started(stream.environment);
	const { client, answer } = openRequest(run, stream.name);
	client.write(`${meterText(1)}\n`);
	await waitForValue(
		"the request to be in progress",
		async () => (await run.get("/metrics")).text,
		(text) => text.includes("fireworks_ingest_requests_in_progress 1"),
	);
	run.child.kill("SIGTERM");
	await waitForValue("the stop", run.output, (text) =>
		text.includes('"stopping"'),
	);
	client.end(meterText(2));
	expect(await answer).toBe(200);
	expect(await run.exit).toBe(0);
	expect(await stream.allTexts()).toEqual([meterText(1), meterText(2)]);
});

test("a body that does not arrive in time is refused, and its place is free again", async () => {
	const stream = await meterStream(broker);
	const run = await started(stream.environment);
	const { client, answer } = openRequest(run, stream.name);
	client.on("error", () => {});
	client.write(`${meterText(1)}\n`);
	expect(await answer).toBe(408);
	client.destroy();
	await run.post(stream.name, meterText(2));
	expect((await run.get("/metrics")).text).toContain(
		"fireworks_ingest_requests_in_progress 0",
	);
	expect(await stream.allTexts()).toEqual([meterText(2)]);
});
