import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { corruptJars, incompleteJars } from "../src/cache.ts";
import { ensureJars } from "../src/ensure-jars.ts";

const content = Buffer.from("not really a jar, but its bytes count");
const jar = {
	path: "org/example/a/1/a-1.jar",
	size: content.length,
	sha256: createHash("sha256").update(content).digest("hex"),
};

let server: Server | undefined;
let cacheDir: string;

beforeEach(() => {
	cacheDir = mkdtempSync(join(tmpdir(), "jars-"));
});
afterEach(() => {
	server?.closeAllConnections();
	server?.close();
	rmSync(cacheDir, { recursive: true });
});

async function mavenOf(listener: RequestListener) {
	server = createServer(listener);
	await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
	const mavenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/maven2/`;
	return { mavenUrl, cacheDir, jars: [jar], retryFirstMs: 1 };
}

const files = () =>
	readdirSync(cacheDir, { recursive: true, encoding: "utf8" }).filter((f) =>
		f.includes(".jar"),
	);

describe("ensureJars", () => {
	test("fetches what is absent, and nothing the second time", async () => {
		const asked: (string | undefined)[] = [];
		const options = await mavenOf((request, response) => {
			asked.push(request.url);
			response.end(content);
		});
		const seen: number[] = [];
		const onProgress = (p: { bytes: number }) => seen.push(p.bytes);
		expect(await ensureJars({ ...options, onProgress })).toEqual({
			fetched: 1,
		});
		expect(await ensureJars(options)).toEqual({ fetched: 0 });
		expect(asked).toEqual(["/maven2/org/example/a/1/a-1.jar"]);
		expect(readFileSync(join(cacheDir, jar.path))).toEqual(content);
		expect(seen.at(-1)).toBe(jar.size);
	});

	test("tries again after 503 and after a connection that broke off", async () => {
		let tries = 0;
		const options = await mavenOf((request, response) => {
			tries += 1;
			if (tries === 1) response.writeHead(503).end();
			else if (tries === 2) {
				response.writeHead(200, { "content-length": jar.size });
				response.write(content.subarray(0, 5), () => request.destroy());
			} else response.end(content);
		});
		await ensureJars(options);
		expect(tries).toBe(3);
		expect(files()).toEqual([jar.path]);
	});

	test("gives up at once on 404, and leaves no half file", async () => {
		let tries = 0;
		const options = await mavenOf((_, response) => {
			tries += 1;
			response.writeHead(404).end("no");
		});
		await expect(ensureJars(options)).rejects.toMatchObject({
			code: "download-failed",
			message: expect.stringContaining("answered 404"),
		});
		expect(tries).toBe(1);
		expect(files()).toEqual([]);
	});

	test("a jar with other bytes never gets its name", async () => {
		const options = await mavenOf((_, response) => {
			response.end(Buffer.alloc(jar.size, "x"));
		});
		await expect(ensureJars(options)).rejects.toMatchObject({
			code: "jar-corrupt",
		});
		expect(files()).toEqual([]);
	});

	test("a server that never answers ends at the deadline", async () => {
		const options = await mavenOf(() => {});
		await expect(
			ensureJars({ ...options, deadlineMs: 50 }),
		).rejects.toMatchObject({
			code: "download-failed",
			message: expect.stringContaining("given up"),
		});
	});

	test("kill -9 in the middle of a jar leaves nothing that counts as one, and the next start fetches it", async () => {
		let halfWay = () => {};
		const half = new Promise<void>((done) => {
			halfWay = done;
		});
		let tries = 0;
		const options = await mavenOf((_, response) => {
			tries += 1;
			response.writeHead(200, { "content-length": jar.size });
			if (tries > 1) response.end(content);
			else response.write(content.subarray(0, 10), halfWay);
		});
		const module = new URL("../src/ensure-jars.ts", import.meta.url).href;
		const program = `import { ensureJars } from ${JSON.stringify(module)}; await ensureJars(${JSON.stringify(options)});`;
		const child = spawn(process.execPath, [
			...["--input-type=module", "--eval", program],
		]);
		const ended = once(child, "exit");
		await half;
		while (!files().some((name) => name.endsWith(".part")))
			await setImmediate();
		child.kill("SIGKILL");
		await ended;
		expect(await incompleteJars(cacheDir, [jar])).toEqual([
			{ jar, fault: "absent" },
		]);
		// Old temporary files are removed.
		const [left = ""] = files();
		const old = new Date(Date.now() - 7_200_000);
		utimesSync(join(cacheDir, left), old, old);
		expect(await ensureJars(options)).toEqual({ fetched: 1 });
		expect(files()).toEqual([jar.path]);
		expect(await corruptJars(cacheDir, [jar])).toEqual([]);
	});

	test("a cache that cannot be written ends at once, with what to do", async () => {
		const options = await mavenOf((_, response) => response.end(content));
		writeFileSync(join(cacheDir, "org"), "a file in the place of a folder");
		await expect(ensureJars(options)).rejects.toMatchObject({
			code: "cache-unusable",
			message: expect.stringContaining("FIREWORKS_CACHE_DIR"),
		});
	});

	test("the caller's signal ends it", async () => {
		const stop = new AbortController();
		const options = await mavenOf(() => stop.abort());
		await expect(
			ensureJars({ ...options, signal: stop.signal }),
		).rejects.toMatchObject({ code: "aborted" });
	});

	test("a half jar is seen by its size, a changed one by its hash; both are fetched again", async () => {
		const options = await mavenOf((_, response) => response.end(content));
		const file = join(cacheDir, jar.path);
		mkdirSync(join(file, ".."), { recursive: true });
		writeFileSync(file, content.subarray(1));
		expect(await incompleteJars(cacheDir, [jar])).toEqual([
			{ jar, fault: "wrong-size" },
		]);
		await ensureJars(options);
		writeFileSync(file, Buffer.alloc(jar.size, "x"));
		expect(await incompleteJars(cacheDir, [jar])).toEqual([]);
		expect(await corruptJars(cacheDir, [jar])).toEqual([
			{ jar, fault: "wrong-hash" },
		]);
		expect(await ensureJars(options)).toEqual({ fetched: 0 });
		expect(await ensureJars({ ...options, verify: true })).toEqual({
			fetched: 1,
		});
		expect(readFileSync(file)).toEqual(content);
	});
});
