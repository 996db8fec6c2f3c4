/** Runs the examples of docs/build/http-ingest.md as they are written. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { publish } from "@fireworks/pipeline";
import { expect, test } from "vitest";
import { readings } from "../../pipelines/weather/streams.ts";
import { startHttpIngest } from "../harness/http-ingest-run.ts";
import { killProcessesAfterEach } from "../harness/node-process.ts";
import { newStream } from "../harness/stream.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
killProcessesAfterEach();

const page = readFileSync(
	new URL("../../docs/build/http-ingest.md", import.meta.url),
	"utf8",
);
/** Each command with the answer that follows it. */
const examples = [
	...page.matchAll(/^```sh\n(curl .*?)^```\n\n```json\n(.*?)^```/gms),
].map(([, command = "", answer = ""]) => ({ command, answer }));

test("the examples answer as the page says", async () => {
	expect(examples).toHaveLength(2);
	const { environment, settings } = newStream(broker.kafka.brokers);
	await publish({
		log: broker.log,
		settings,
		streams: [readings.description],
	});
	const run = await startHttpIngest(environment);
	await run.ready();
	for (const { command, answer } of examples) {
		const here = command.replace(":8084", `:${run.port}`);
		const { stdout } = await promisify(execFile)("sh", [
			"-c",
			here.replace("curl", "curl --silent"),
		]);
		expect(JSON.parse(stdout)).toEqual(JSON.parse(answer));
	}
});
