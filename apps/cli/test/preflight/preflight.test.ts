import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { freePort } from "@fireworks/local-kafka";
import { expect, test } from "vitest";
import { DISK, judgeDisk } from "../../src/preflight/disk.ts";
import { checkEngines } from "../../src/preflight/engines.ts";
import { javaNeeds } from "../../src/preflight/java.ts";
import { checkHeap, judgeMemory } from "../../src/preflight/memory.ts";
import { listeningInodes, portOwners } from "../../src/preflight/port-owner.ts";
import { checkPorts } from "../../src/preflight/ports.ts";
import { checkNode } from "../../src/preflight/programs.ts";
import {
	checkStateFolder,
	requireStateFolder,
} from "../../src/preflight/state-folder.ts";
import { stateFolder } from "../../src/project.ts";
import { parseAll } from "../../src/settings.ts";
import { tempFolder } from "../support/temp.ts";

const dir = tempFolder();

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000 20 4 30 10 -1
   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000 100 0 0 10 0
`;

test("only sockets that listen on the port count", () => {
	expect(listeningInodes(TCP, 8080)).toEqual(["4711"]);
	expect(listeningInodes(TCP, 8081)).toEqual(["4713"]);
	expect(listeningInodes("", 8080)).toEqual([]);
});

test("a taken port is one problem, with the owner and another port; a port of our own part is no problem", async () => {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;
	const settings = parseAll({
		FIREWORKS_KAFKA_PORT: "0",
		FIREWORKS_METRONOME_PORT: "0",
		FIREWORKS_PROCESSOR_PORT: "0",
		FIREWORKS_MIDDLEWARE_PORT: String(port),
		FIREWORKS_DASHBOARD_PORT: "0",
	});
	const bad = (await checkPorts(settings)).filter((f) => f.level !== "ok");
	expect(bad).toMatchObject([{ level: "problem", check: `port ${port}` }]);
	expect(bad[0]?.fix).toContain("FIREWORKS_MIDDLEWARE_PORT=");
	if (existsSync("/proc/net/tcp")) {
		expect(portOwners(port)[0]?.pid).toBe(process.pid);
		expect(bad[0]?.message).toContain(`pid ${process.pid}`);
		const own = await checkPorts(settings, new Set([process.pid]));
		expect(own.every((f) => f.level === "ok")).toBe(true);
	}
	await new Promise((done) => server.close(done));
});

test.each(["::", "0.0.0.0", "127.0.0.1", "::1"])(
	"with the parts on %s a free port is free: the looks are not in each other's way",
	async (FIREWORKS_HOST) => {
		const port = await freePort();
		const found = await checkPorts(
			parseAll({ FIREWORKS_HOST, FIREWORKS_MIDDLEWARE_PORT: String(port) }),
			new Set(),
			["middleware"],
		);
		expect(found).toMatchObject([{ level: "ok", check: `port ${port}` }]);
	},
);

const onlyPort = (name: string, port: number) =>
	parseAll({
		FIREWORKS_KAFKA_PORT: "0",
		FIREWORKS_METRONOME_PORT: "0",
		FIREWORKS_PROCESSOR_PORT: "0",
		FIREWORKS_MIDDLEWARE_PORT: "0",
		FIREWORKS_DASHBOARD_PORT: "0",
		[`FIREWORKS_${name}_PORT`]: String(port),
	});

test.each([
	["DASHBOARD", "::1"],
	["MIDDLEWARE", "::1"],
	["KAFKA", "::1"],
	["METRONOME", "::"],
	["PROCESSOR", "0.0.0.0"],
])(
	"%s: a program on the other family (%s) is found, with its pid and another port",
	async (name, address) => {
		const server = createServer();
		await new Promise<void>((done) =>
			server.listen({ port: 0, host: address, ipv6Only: true }, done),
		);
		const { port } = server.address() as AddressInfo;
		const settings = onlyPort(name, port);
		const bad = (await checkPorts(settings)).filter((f) => f.level !== "ok");
		expect(bad).toMatchObject([{ level: "problem", check: `port ${port}` }]);
		expect(bad[0]?.fix).toContain(`FIREWORKS_${name}_PORT=`);
		if (existsSync("/proc/net/tcp6"))
			expect(bad[0]?.message).toContain(`pid ${process.pid}`);
		await new Promise((done) => server.close(done));
	},
);

test("our part on one family does not hide another program on the other", async () => {
	const stranger = spawn(process.execPath, [
		"--eval",
		`require("net").createServer().listen({ port: 0, host: "::1" }, function () { console.log(this.address().port) })`,
	]);
	const [line] = await once(stranger.stdout, "data");
	const port = Number(String(line));
	const ours = createServer();
	await new Promise<void>((done) => ours.listen(port, "127.0.0.1", done));
	const own = new Set([process.pid]);
	const settings = onlyPort("DASHBOARD", port);
	const [bad] = (await checkPorts(settings, own)).filter(
		(f) => f.level !== "ok",
	);
	if (existsSync("/proc/net/tcp6"))
		// A child process of ours counts as ours too, as Spark's JVM does. So the pid that started
		// it is left out here.
		expect(portOwners(port).map((o) => o.pid)).toContain(stranger.pid);
	expect(bad).toBeUndefined();
	const foreign = await checkPorts(settings, new Set([stranger.pid ?? 0]));
	expect(foreign.find((f) => f.level === "problem")?.message).toContain(
		`pid ${process.pid}`,
	);
	stranger.kill("SIGKILL");
	await new Promise((done) => ours.close(done));
});

test("a heap that is larger than the memory is a problem that names the setting", () => {
	expect(checkHeap(384, 8e9)).toEqual([]);
	expect(checkHeap(65_536, 8e9)).toMatchObject([
		{
			level: "problem",
			fix: expect.stringContaining("FIREWORKS_KAFKA_HEAP_MB"),
		},
	]);
});

const engines = (more: Partial<ReturnType<typeof parseAll>>) => ({
	...parseAll({ FIREWORKS_CACHE_DIR: "/c" }),
	...more,
});

test("an engine without its tools, or in a folder that it cannot use, is found before the start", () => {
	const look = (
		engine: string,
		folder: string,
		root: string,
		env: NodeJS.ProcessEnv,
	) => checkEngines(engines({ engine }), { spark: folder }, env, root);
	const all = { PATH: binOf("python3", "mvn") };
	expect(look("typescript", "/s", "/r", { PATH: "" })).toEqual([]);
	expect(look("spark", "/s", "/r", all)).toMatchObject([{ level: "ok" }]);
	expect(
		look("python", "/s", "/r", { PATH: binOf("python3.12") }),
	).toMatchObject([{ level: "ok" }]);
	expect(look("python", "/s", "/r", { PATH: "" })[0]?.message).toContain(
		"Python 3.11",
	);
	const [maven] = look("spark", "/s", "/r", { PATH: binOf("python3") });
	expect(maven?.message).toContain("mvn");
	const [comma] = look("spark", "/a,b/spark", "/r", all);
	expect(comma?.fix).toContain("FIREWORKS_SPARK_CHECKPOINT_DIR");
	expect(look("spark", "/s", "/a:b", all)[0]?.message).toContain("colon");
	const colon = engines({ engine: "python", cacheDir: "/a:b" });
	expect(checkEngines(colon, { spark: "/s" }, all, "/r")[0]?.fix).toContain(
		"FIREWORKS_CACHE_DIR",
	);
});

function binOf(...names: string[]): string {
	const bin = join(dir, `bin-${names.join("-")}`);
	mkdirSync(bin, { recursive: true });
	for (const name of names) writeFileSync(join(bin, name), "", { mode: 0o755 });
	return bin;
}

test("Spark needs a Java that Kafka alone does not", () => {
	const needs = (engine: string, compareEngine = "") =>
		javaNeeds({ engine, compareEngine }).map((need) => need.max);
	expect(needs("typescript")).toEqual([undefined]);
	expect(needs("spark")).toEqual([undefined, 21]);
	expect(needs("python", "spark")).toEqual([undefined, 21]);
});

test("a full disk is a problem, little room a warning", () => {
	const level = (bytes: number) => judgeDisk("state folder", "/x", bytes).level;
	expect(level(DISK.bytesMin - 1)).toBe("problem");
	expect(level(DISK.bytesMin)).toBe("warning");
	expect(level(DISK.bytesGood)).toBe("ok");
});

test("little memory is a warning", () => {
	expect(judgeMemory(500e6).level).toBe("warning");
	expect(judgeMemory(8e9).level).toBe("ok");
});

test("another Node is a problem", () => {
	expect(checkNode("24.21.0").level).toBe("ok");
	expect(checkNode("20.1.0")).toMatchObject({
		level: "problem",
		fix: expect.stringContaining("bootstrap.sh"),
	});
});

test("the state folder: fresh, with a broken state, with a file in its place", () => {
	const levels = (root: string) =>
		checkStateFolder(stateFolder(root)).map((f) => f.level);
	expect(levels(join(dir, "fresh"))).toEqual(["ok", "ok"]);
	mkdirSync(join(dir, "broken", "kafka", "data", "wiener-0"), {
		recursive: true,
	});
	writeFileSync(join(dir, "broken", "state.json"), "{");
	expect(levels(join(dir, "broken"))).toEqual(["problem", "problem"]);
	writeFileSync(join(dir, "file"), "");
	expect(checkStateFolder(stateFolder(join(dir, "file")))).toMatchObject([
		{ level: "problem", fix: expect.stringContaining("FIREWORKS_STATE_DIR") },
	]);
});

test("a state folder with something that we may not write is reported before the first write", () => {
	const folder = stateFolder(join(dir, "mixed"));
	requireStateFolder(folder);
	// A file in the place of a folder cannot be written to, even by root.
	writeFileSync(join(dir, "no-folder"), "");
	expect(() =>
		requireStateFolder(stateFolder(join(dir, "no-folder", "below"))),
	).toThrow(
		expect.objectContaining({
			exitCode: 1,
			message: expect.stringMatching(
				/below is not writable: .*\n.*clone again as yourself/,
			),
		}),
	);
});
