import { expect, test } from "vitest";
import { JARS, KAFKA_VERSION } from "../src/jar-lock.ts";

test("every jar has a clean path, a size and a hash, once", () => {
	expect(new Set(JARS.map((jar) => jar.path)).size).toBe(JARS.length);
	for (const jar of JARS) {
		expect(jar.path).toMatch(/^([\w.-]+\/)+[\w.-]+\.jar$/);
		expect(jar.path).not.toContain("..");
		expect(jar.sha256).toMatch(/^[0-9a-f]{64}$/);
		expect(jar.size).toBeGreaterThan(0);
	}
});

test("the broker itself and every codec are among them", () => {
	const names = JARS.map((jar) => jar.path.split("/").at(-1)).join(" ");
	for (const name of [
		`kafka_2.13-${KAFKA_VERSION}`,
		"lz4-java",
		"snappy-java",
		"zstd-jni",
	])
		expect(names).toContain(name);
});
