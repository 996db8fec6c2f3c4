/**
 * The packed @fireworks/streams in an empty project: it type-checks, includes the patched kafkajs,
 * and its stage runs on the real broker.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
	globSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@fireworks/local-kafka";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { readTopic } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const INPUT = "words";
const OUTPUT = "word-counts";

const broker = withBroker();
let project: string;

const STAGE = `
import { defineStage } from "@fireworks/streams";
import { serveStage } from "@fireworks/streams/service";
import { z } from "zod";

export const counter = defineStage({
	name: "word-counter",
	input: z.object({ word: z.string() }),
	state: z.object({ count: z.int() }),
	output: z.object({ count: z.int() }),
	step: (state, _record) => {
		const next = { count: (state?.count ?? 0) + 1 };
		return { state: next, outputs: [{ value: next }] };
	},
});

await serveStage(counter, { input: "${INPUT}", output: "${OUTPUT}" });
`;

beforeAll(() => {
	project = mkdtempSync(join(tmpdir(), "fireworks-packed-"));
	pnpm(join(ROOT, "packages/streams"), "pack", "--pack-destination", project);
	const [archive = ""] = globSync(join(project, "*.tgz"));
	write("package.json", {
		type: "module",
		dependencies: { "@fireworks/streams": `file:${archive}`, zod: "4.6.7" },
	});
	write("tsconfig.json", {
		compilerOptions: {
			strict: true,
			noEmit: true,
			module: "nodenext",
			target: "es2024",
			types: ["node"],
			typeRoots: [join(ROOT, "node_modules/@types")],
		},
		include: ["src"],
	});
	mkdirSync(join(project, "src"));
	writeFileSync(join(project, "src/main.ts"), STAGE);
	pnpm(project, "install", "--ignore-workspace", "--prefer-offline");
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const write = (name: string, content: object) =>
	writeFileSync(join(project, name), JSON.stringify(content));

const pnpm = (cwd: string, ...args: string[]) =>
	execFileSync("pnpm", args, { cwd, encoding: "utf8" });

const typeErrors = (): string => {
	try {
		return execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", project], {
			encoding: "utf8",
		});
	} catch (error) {
		return (error as { stdout: string }).stdout;
	}
};

test("it has no kafkajs other than its own", () => {
	expect(
		globSync(join(project, "node_modules/**/kafkajs/package.json")),
	).toEqual([]);
});

test("its types hold and are real: the only error is a state of the wrong type", () => {
	writeFileSync(
		join(project, "src/wrong.ts"),
		STAGE.replace("(state?.count ?? 0) + 1", '"one"').replace(
			/^await serveStage.*$/m,
			"",
		),
	);
	const printed = typeErrors();
	const errors = printed.split("\n").filter((line) => /: error TS/.test(line));
	expect(errors).toEqual([expect.stringContaining("src/wrong.ts")]);
	expect(printed).toMatch(/'string'.*'number'/s);
});

test("a stage of it runs on the real broker", async () => {
	await broker.log.ensureTopics([
		{
			name: INPUT,
			partitions: 4,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "cleanup.policy": "delete" },
		},
	]);
	for (const word of ["a", "b", "a"])
		await broker.log.append(INPUT, {
			partition: 0,
			key: "k",
			value: JSON.stringify({ word }),
			timestamp: Date.now(),
		});
	const stage = spawn(process.execPath, ["src/main.ts"], {
		cwd: project,
		env: {
			PATH: process.env.PATH,
			FIREWORKS_BROKERS: broker.kafka.brokers.join(","),
			FIREWORKS_STAGE_PORT: String(await freePort()),
		},
		stdio: ["ignore", "ignore", "inherit"],
	});
	const ended = once(stage, "exit");
	onTestFinished(async () => {
		stage.kill("SIGKILL");
		await ended;
	});
	await waitFor("the stage to make its output", () =>
		broker.log.offsets(OUTPUT),
	);
	const counts = await readTopic(broker.log, OUTPUT, (all) => all.length === 3);
	expect(counts.map((r) => JSON.parse(String(r.value)).count)).toEqual([
		1, 2, 3,
	]);
	stage.kill("SIGTERM");
	expect(await ended).toEqual([0, null]);
});
