import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { PART_NAMES } from "../../../src/local/part-names.ts";
import { readState } from "../../../src/local/state/state.ts";
import {
	START_FAILURES_MAX,
	Supervisor,
} from "../../../src/local/supervisor/supervisor.ts";
import { identify } from "../../../src/process/identity.ts";
import { stateFolder } from "../../../src/project.ts";
import { scriptPart, WELL_BEHAVED } from "../../support/scripts.ts";
import { tempFolder, until } from "../../support/temp.ts";

const root = tempFolder();
const made: Supervisor[] = [];
afterEach(async () => {
	await Promise.all(made.splice(0).map((s) => s.stop("the test is over")));
});

/** programs: of the parts that do not behave well, and of all pipelines. */
function supervisor(
	name: string,
	programs: Partial<Record<string, string>> = {},
	pipelines: readonly string[] = [],
) {
	const folder = stateFolder(join(root, name));
	const definitions = [
		...PART_NAMES.map((part) =>
			scriptPart(part, () => programs[part] ?? WELL_BEHAVED),
		),
		...pipelines.map((part) => pipelinePart(part, programs[part])),
	];
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
const pipelinePart = (name: string, program = WELL_BEHAVED) => ({
	...scriptPart(name, () => program),
	pipeline: { sources: "x" },
});
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

test("a part that cannot recover ends the start, and is named", async () => {
	const { self, folder } = supervisor("failed", {
		processor: "console.log('wrong topic'); process.exit(78)",
	});
	const failure = await self.start(async () => true, forever);
	expect(failure).toMatchObject({ part: "processor" });
	expect(readState(folder.stateFile)).toMatchObject({
		problemPart: "processor",
		problem: expect.stringContaining("exit code 78"),
	});
	await self.stop("the start failed");
});

test("pipelines that fail or have nothing to run do not hold up the start; one is added later", async () => {
	const { self, folder } = supervisor(
		"pipelines",
		{
			wrong: "console.log('no such stream'); process.exit(78)",
			crashing: "process.exit(1)",
			quiet: "process.exit(0)",
		},
		["wrong", "crashing", "quiet", "good"],
	);
	expect(await self.start(async () => true, forever)).toBeUndefined();
	expect(self.phase).toBe("ready");
	const records = () =>
		new Map(readState(folder.stateFile)?.parts.map((p) => [p.name, p]));
	expect(records().get("wrong")).toMatchObject({
		state: "failed",
		lastError: expect.stringContaining("exit code 78"),
		pipeline: { sources: "x" },
	});
	expect(records().get("quiet")).toMatchObject({
		state: "stopped",
		finished: true,
	});
	expect(records().get("good")?.state).toBe("running");
	expect(records().get("kafka")).not.toHaveProperty("pipeline");
	await until("one that crashes to be tried again", () =>
		["starting", "backoff"].includes(records().get("crashing")?.state ?? ""),
	);
	self.add(pipelinePart("late"));
	await until("the new one to run", () =>
		self.parts.some((p) => p.name === "late" && p.status.state === "running"),
	);
	await self.stop("asked");
	expect([...records().values()].map(({ state }) => state)).toEqual(
		Array(10).fill("stopped"),
	);
	self.add(pipelinePart("too-late"));
	expect(records().has("too-late")).toBe(false);
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
	const timeOver = new AbortController();
	const failure = late.self.start(async () => true, timeOver.signal);
	// The time is over once the parts before it run, however long that takes here.
	const before = late.self.parts.slice(0, PART_NAMES.indexOf("middleware"));
	await until("the parts before it to run", () =>
		before.every(({ status }) => status.state === "running"),
	);
	timeOver.abort();
	expect(await failure).toMatchObject({
		part: "middleware",
		problem: "not ready in time",
	});
	const dry = supervisor("dry");
	expect(await dry.self.start(async () => false, forever)).toMatchObject({
		part: undefined,
		problem: expect.stringContaining("no event"),
	});
});
