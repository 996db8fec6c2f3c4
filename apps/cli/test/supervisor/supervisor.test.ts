import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { PART_NAMES } from "../../src/part-names.ts";
import { identify } from "../../src/process/identity.ts";
import { stateFolder } from "../../src/project.ts";
import { readState } from "../../src/state/state-file.ts";
import {
	START_FAILURES_MAX,
	Supervisor,
} from "../../src/supervisor/supervisor.ts";
import { scriptPart, WELL_BEHAVED } from "../support/scripts.ts";
import { tempFolder } from "../support/temp.ts";

const root = tempFolder();
const made: Supervisor[] = [];
afterEach(async () => {
	await Promise.all(made.splice(0).map((s) => s.stop("the test is over")));
});

function supervisor(
	name: string,
	programs: Partial<Record<string, string>> = {},
) {
	const folder = stateFolder(join(root, name));
	const definitions = PART_NAMES.map((part) =>
		scriptPart(part, () => programs[part] ?? WELL_BEHAVED),
	);
	const changes: string[] = [];
	const self = new Supervisor({
		definitions,
		folder,
		page: "http://localhost:3000",
		variables: { FIREWORKS_KAFKA_PORT: "9092" },
		identity: identify(process.pid) ?? { pid: 1, startTime: "?" },
		onChange: (part, before) => {
			if (part.status.state !== before.state)
				changes.push(`${part.name} ${part.status.state}`);
		},
	});
	made.push(self);
	return { self, folder, changes, definitions };
}
const forever = new AbortController().signal;

test("Kafka first, then the services, ready when data moves; stopped in the opposite order", async () => {
	const { self, folder, changes } = supervisor("order");
	let asked = 0;
	const failure = await self.start(async () => {
		asked += 1;
		expect(self.phase).toBe("starting");
		return true;
	}, forever);
	expect([failure, asked, self.phase]).toEqual([undefined, 1, "ready"]);
	expect(changes.slice(0, 3)).toEqual([
		"kafka starting",
		"kafka running",
		"metronome starting",
	]);
	const state = readState(folder.stateFile);
	expect(state).toMatchObject({ phase: "ready", problem: null });
	expect(state?.parts.map((p) => [p.name, p.state])).toEqual(
		PART_NAMES.map((name) => [name, "running"]),
	);
	await self.stop("asked");
	expect(changes.slice(-5)).toEqual(
		PART_NAMES.toReversed().map((name) => `${name} stopped`),
	);
	expect(readState(folder.stateFile)?.phase).toBe("stopped");
	const log = readFileSync(join(folder.logs, "supervisor.log"), "utf8");
	expect(log).toMatch(/metronome \(\d+\) starting -> running/);
	expect(readFileSync(join(folder.logs, "kafka.log"), "utf8")).toBe("ready\n");
});

test("a part that fails for good ends the start, and is named with its last lines", async () => {
	const { self, folder } = supervisor("failed", {
		processor: "console.log('wrong topic'); process.exit(78)",
	});
	const failure = await self.start(async () => true, forever);
	expect(failure).toMatchObject({ part: "processor", lines: ["wrong topic"] });
	expect(readState(folder.stateFile)).toMatchObject({
		problemPart: "processor",
		problem: expect.stringContaining("exit code 78"),
	});
	await self.stop("the start failed");
});

test("a part that crashes over and over ends the start as well", async () => {
	const { self, definitions } = supervisor("crashes", {
		kafka: "process.exit(1)",
	});
	const failure = await self.start(async () => true, forever);
	expect(failure?.part).toBe("kafka");
	expect(definitions[0]?.children).toHaveLength(START_FAILURES_MAX);
	expect(definitions[1]?.children).toHaveLength(0);
});

test("time over: the first part that is late is named; without data the stream is", async () => {
	const late = supervisor("late", {
		middleware: WELL_BEHAVED.replace("console.log('ready');", ""),
	});
	expect(
		await late.self.start(async () => true, AbortSignal.timeout(1_000)),
	).toMatchObject({ part: "middleware", problem: "not ready in time" });
	const dry = supervisor("dry");
	expect(await dry.self.start(async () => false, forever)).toMatchObject({
		part: undefined,
		problem: expect.stringContaining("no event"),
	});
});
