/**
 * Runs a test project many times, each time in another order, while every core is kept busy:
 *
 *   pnpm test:stress --project browser --times 10
 *   pnpm test:stress --project unit --times 3 --seed 7 packages/streams
 *
 * Each run shuffles the files, and the tests within a file, by its seed. A failure is printed with
 * its seed: `--times 1 --seed <seed>` repeats the same order. The exit code is 1 if any run failed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { failures, type TestReport } from "./test-report.ts";

const { values: options, positionals: files } = parseArgs({
	allowPositionals: true,
	options: {
		project: { type: "string" },
		times: { type: "string", default: "10" },
		/** Seed of the first run. Each later run uses the next number. */
		seed: { type: "string", default: "1" },
		/** Number of busy loops. 0: none. */
		busy: { type: "string", default: String(availableParallelism()) },
		/** A run that takes longer is stopped and counts as failed. */
		"minutes-per-run": { type: "string", default: "60" },
		/** Runs only tests whose name matches. */
		"test-name": { type: "string" },
	},
});

const count = (name: "times" | "seed" | "busy" | "minutes-per-run"): number => {
	const number = Number(options[name]);
	if (Number.isSafeInteger(number) && number >= 0) return number;
	console.error(`--${name} must be a whole number, not "${options[name]}"`);
	process.exit(64);
};
const [times, firstSeed, busy, minutes] = [
	count("times"),
	count("seed"),
	count("busy"),
	count("minutes-per-run"),
];
const { project, "test-name": testName } = options;
if (!project || times === 0) {
	console.error(
		"usage: pnpm test:stress --project <name> [--times 10] [--seed 1] [--busy <cores>] [--minutes-per-run 60] [--test-name <pattern>] [file ...]",
	);
	process.exit(64);
}

const VITEST = fileURLToPath(
	new URL("../node_modules/vitest/vitest.mjs", import.meta.url),
);

// Threads, not processes: they end with this process, however it ends.
const loops = Array.from(
	{ length: busy },
	() => new Worker("for (;;) {}", { eval: true }),
);
let running: ChildProcess | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const)
	process.once(signal, () => {
		running?.kill(signal);
		rmSync(reports, { recursive: true, force: true });
		process.exit(1);
	});

const reports = mkdtempSync(join(tmpdir(), "fireworks-stress-"));
let [runsPassed, testsPassed] = [0, 0];
try {
	for (let seed = firstSeed; seed < firstSeed + times; seed++) {
		const startedMs = performance.now();
		const file = join(reports, `${seed}.json`);
		const { code, output } = await vitest(seed, file);
		const seconds = Math.round((performance.now() - startedMs) / 1_000);
		const report: TestReport | undefined = existsSync(file)
			? JSON.parse(readFileSync(file, "utf8"))
			: undefined;
		const passed = report?.numPassedTests ?? 0;
		testsPassed += passed;
		if (code === 0 && passed > 0) runsPassed++;
		console.log(
			`seed ${seed}: ${passed} passed, ${report?.numFailedTests ?? "?"} failed, ${report?.numPendingTests ?? "?"} skipped, ${seconds} s`,
		);
		const failed = report ? [...failures(report)] : [];
		for (const failure of failed) console.log(`  failed: ${failure}`);
		// No test failed, and yet the run did: an error between the tests, a time limit, or an
		// invalid option.
		if (code !== 0 && failed.length === 0)
			console.log(`  exit code ${code}:\n${output.slice(-4_000)}`);
	}
} finally {
	await Promise.all(loops.map((loop) => loop.terminate()));
	rmSync(reports, { recursive: true, force: true });
}
console.log(
	`${project}: ${runsPassed} of ${times} runs passed, ${testsPassed} tests passed in all, ${busy} busy loops next to them`,
);
process.exitCode = runsPassed === times ? 0 : 1;

/** Runs the project once, in the order of the seed. */
function vitest(
	seed: number,
	report: string,
): Promise<{ code: number | null; output: string }> {
	const order = [
		"--sequence.shuffle.files",
		"--sequence.shuffle.tests",
		`--sequence.seed=${seed}`,
	];
	const child = spawn(
		process.execPath,
		[
			...[VITEST, "run", "--project", project as string],
			...["--reporter=default", "--reporter=json"],
			`--outputFile.json=${report}`,
			...order,
			...(testName ? ["--testNamePattern", testName] : []),
			...files,
		],
		{ stdio: ["ignore", "pipe", "pipe"], timeout: minutes * 60_000 },
	);
	running = child;
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (chunk) => {
			output = (output + chunk).slice(-100_000);
		});
	return new Promise((resolve) =>
		child.once("close", (code) => resolve({ code, output })),
	);
}
