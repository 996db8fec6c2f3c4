import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAll } from "../../src/local-settings.ts";
import { DISK, judgeDisk } from "../../src/preflight/disk.ts";
import { judgeMemory } from "../../src/preflight/memory.ts";
import { listeningInodes, portOwner } from "../../src/preflight/port-owner.ts";
import { checkPorts } from "../../src/preflight/ports.ts";
import { checkNode } from "../../src/preflight/programs.ts";
import { checkStateFolder } from "../../src/preflight/state-folder.ts";
import { stateFolder } from "../../src/project.ts";
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

test("a taken port is one problem, with the owner and another port; our own part's is none", async () => {
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
		expect(portOwner(port)?.pid).toBe(process.pid);
		expect(bad[0]?.message).toContain(`pid ${process.pid}`);
		const own = await checkPorts(settings, new Set([process.pid]));
		expect(own.every((f) => f.level === "ok")).toBe(true);
	}
	await new Promise((done) => server.close(done));
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
