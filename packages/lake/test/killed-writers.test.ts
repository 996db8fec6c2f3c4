/** Writers that are killed, and two that are paused in turns: each row is there once. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { countRows, exactly } from "./exact-rows.ts";
import { lakeFolder } from "./lake-folder.ts";

const PROGRAM = join(import.meta.dirname, "writer-process.ts");
const FENCED = 3;
const TIMEOUT_MS = 120_000;

interface Writer {
	readonly child: ChildProcess;
	readonly exit: Promise<number | null>;
	output(): string;
	/** When it has printed this many times that it has committed. */
	committed(times: number): Promise<void>;
}

function startWriter(folder: string): Writer {
	const child = spawn(process.execPath, [PROGRAM, folder], {
		stdio: ["ignore", "pipe", "pipe"],
	});
	onTestFinished(() => void child.kill("SIGKILL"));
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (bytes) => {
			output += bytes;
		});
	const exit = once(child, "close").then(([code]) => code as number | null);
	const commits = () => output.split("committed").length - 1;
	return {
		child,
		exit,
		output: () => output,
		async committed(times) {
			while (commits() < times) {
				if (child.exitCode !== null) throw new Error(output);
				await Promise.race([once(child.stdout, "data"), exit]);
			}
		},
	};
}

async function expectExact(folder: string): Promise<void> {
	const counted = await countRows({ catalog: { kind: "files", folder } });
	expect(Object.keys(counted.positions)).toEqual(["0", "1", "2"]);
	expect(counted).toEqual(exactly(counted.positions));
}

test(
	"a writer is killed 12 times, at any moment",
	async () => {
		const { folder } = lakeFolder();
		for (let kill = 0; kill < 12; kill += 1) {
			const { child, exit, committed } = startWriter(folder);
			await committed(4);
			// A commit takes about this long.
			await sleep(Math.random() * 40);
			child.kill("SIGKILL");
			await exit;
		}
		await expectExact(folder);
	},
	TIMEOUT_MS,
);

test(
	"two writers are paused in turns: the one that was overtaken is fenced",
	async () => {
		const { folder } = lakeFolder();
		let fenced = 0;
		let old = startWriter(folder);
		await old.committed(3);
		while (fenced < 6) {
			await sleep(Math.random() * 40);
			old.child.kill("SIGSTOP");
			const young = startWriter(folder);
			await young.committed(3);
			old.child.kill("SIGCONT");
			const code = await old.exit;
			expect(code, old.output()).toBe(FENCED);
			fenced += 1;
			old = young;
		}
		old.child.kill("SIGKILL");
		await old.exit;
		await expectExact(folder);
	},
	TIMEOUT_MS,
);
