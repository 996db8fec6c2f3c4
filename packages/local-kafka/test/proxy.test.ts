import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { jarFile } from "../src/cache.ts";
import { ensureJars } from "../src/ensure-jars.ts";
import { proxyAdvice, proxySettings } from "../src/proxy.ts";
import { type ConnectProxy, startProxy } from "./connect-proxy.ts";

const content = Buffer.from("not really a jar, but its bytes count");
const jar = {
	path: "org/example/a/1/a-1.jar",
	size: content.length,
	sha256: createHash("sha256").update(content).digest("hex"),
};
const answer: RequestListener = (_, response) => response.end(content);

let certificates: string;
let cacheDir: string;
const open: { close(): void }[] = [];

beforeAll(async () => {
	certificates = mkdtempSync(join(tmpdir(), "proxy-ca-"));
	await promisify(execFile)("openssl", [
		...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"],
		...["-subj", "/CN=maven.test", "-addext", "subjectAltName=DNS:maven.test"],
		...[
			"-keyout",
			join(certificates, "key"),
			"-out",
			join(certificates, "pem"),
		],
	]);
	cacheDir = mkdtempSync(join(tmpdir(), "jars-"));
});
afterEach(() => {
	for (const one of open.splice(0)) one.close();
	rmSync(cacheDir, { recursive: true, force: true });
});
afterAll(() => rmSync(certificates, { recursive: true }));

async function listening<T extends Server>(server: T): Promise<number> {
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	open.push({
		close() {
			server.closeAllConnections();
			server.close();
		},
	});
	return (server.address() as AddressInfo).port;
}

async function proxyTo(port: number): Promise<ConnectProxy> {
	const proxy = await startProxy({ "maven.test": port });
	open.push(proxy);
	return proxy;
}

/**
 * Runs ensureJars in its own Node process, as `fetch-jars.ts` does: Node reads NODE_EXTRA_CA_CERTS
 * only at startup.
 */
const inItsOwnNode = (mavenUrl: string, env: Record<string, string>) =>
	promisify(execFile)(
		process.execPath,
		[
			"--input-type=module",
			"--eval",
			`import { ensureJars } from ${JSON.stringify(new URL("../src/ensure-jars.ts", import.meta.url).href)};
			console.log(await ensureJars(${JSON.stringify({ mavenUrl, cacheDir, jars: [jar], retryFirstMs: 1 })}));`,
		],
		{ env: { PATH: process.env.PATH, ...env } },
	);

test("jars come through the proxy by CONNECT, from a host that only the proxy can resolve", async () => {
	const tls = createTlsServer(
		{
			key: readFileSync(join(certificates, "key")),
			cert: readFileSync(join(certificates, "pem")),
		},
		answer,
	);
	const proxy = await proxyTo(await listening(tls));
	const { stdout } = await inItsOwnNode("https://maven.test/maven2", {
		https_proxy: proxy.url,
		no_proxy: "localhost,127.0.0.1",
		NODE_EXTRA_CA_CERTS: join(certificates, "pem"),
	});
	expect(stdout).toContain("fetched: 1");
	expect(proxy.asked).toEqual(["CONNECT maven.test:443"]);
	expect(readFileSync(jarFile(cacheDir, jar))).toEqual(content);
});

test.each(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])(
	"%s is used for a mirror by http",
	async (name) => {
		const proxy = await proxyTo(await listening(createServer(answer)));
		await ensureJars({
			mavenUrl: "http://maven.test/maven2",
			cacheDir,
			jars: [jar],
			env: { [name]: proxy.url.replace("http://", "") },
		});
		expect(proxy.asked).toHaveLength(1);
		expect(proxy.asked[0]).toContain("maven.test");
	},
);

test("loopback and what no_proxy names are reached directly", async () => {
	const port = await listening(createServer(answer));
	const proxy = await proxyTo(port);
	const env = { http_proxy: proxy.url };
	const mavenUrl = `http://127.0.0.1:${port}`;
	await ensureJars({ mavenUrl, cacheDir, jars: [jar], env });
	await expect(
		ensureJars({
			mavenUrl: "http://repo.maven.test",
			cacheDir: join(cacheDir, "other"),
			jars: [jar],
			firstByteMs: 300,
			env: { ...env, NO_PROXY: ".maven.test" },
		}),
	).rejects.toMatchObject({ code: "download-failed" });
	expect(proxy.asked).toEqual([]);
});

test("a name that does not resolve, and no proxy: given up soon, with the reason and the proxy's variable", async () => {
	const began = performance.now();
	const failure = await ensureJars({
		mavenUrl: "https://no-such-host.invalid/maven2",
		cacheDir,
		jars: [jar],
		firstByteMs: 1_000,
		env: {},
	}).catch((error: Error) => error);
	expect(failure).toMatchObject({
		code: "download-failed",
		message: expect.stringMatching(
			/no-such-host\.invalid.*(EAI_AGAIN|ENOTFOUND).*nothing came within 1 s.*https_proxy/s,
		),
	});
	expect(performance.now() - began).toBeLessThan(15_000);
});

test("an unreachable proxy is named, without its password", async () => {
	const failure = await ensureJars({
		mavenUrl: "https://maven.test/maven2",
		cacheDir,
		jars: [jar],
		firstByteMs: 500,
		env: { https_proxy: "http://me:hunter2@127.0.0.1:1" },
	}).catch((error: Error) => error);
	const { message } = failure as Error;
	expect(message).toMatch(/ECONNREFUSED.*The proxy 127\.0\.0\.1:1 is set/s);
	expect(message).not.toContain("hunter2");
});

test("once a byte has come, a slow network is waited for", async () => {
	let tries = 0;
	const server = createServer((_, response) => {
		tries += 1;
		response.writeHead(200, { "content-length": jar.size });
		response.write(content.subarray(0, 5));
		if (tries === 1) setTimeout(() => response.destroy(), 400);
		else response.end(content.subarray(5));
	});
	const port = await listening(server);
	const mavenUrl = `http://127.0.0.1:${port}`;
	expect(
		await ensureJars({
			mavenUrl,
			cacheDir,
			jars: [jar],
			firstByteMs: 200,
			retryFirstMs: 1,
			env: {},
		}),
	).toEqual({ fetched: 1 });
	expect(tries).toBe(2);
});

test("lower case wins, and no address of this machine is ever sent to a proxy", () => {
	expect(
		proxySettings({ https_proxy: "http://a:1", HTTPS_PROXY: "http://b:2" }),
	).toEqual({
		https_proxy: "http://a:1",
		no_proxy: "localhost,127.0.0.1,::1,[::1]",
	});
	expect(proxyAdvice(proxySettings({}), "http://x/")).toContain("http_proxy");
});
