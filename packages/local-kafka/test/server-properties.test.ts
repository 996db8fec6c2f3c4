import { expect, test } from "vitest";
import { propertiesText, serverProperties } from "../src/server-properties.ts";

const options = { port: 1, controllerPort: 2, logDir: "/d" };

test("listens on the loopback address only", () => {
	const { listeners } = serverProperties(options);
	expect(listeners).toBe("BROKER://127.0.0.1:1,CONTROLLER://127.0.0.1:2");
});

test("every replicated internal topic has one copy", () => {
	const properties = serverProperties(options);
	const copies = Object.entries(properties).filter(([name]) =>
		/replication\.factor$|min\.isr$|min\.insync/.test(name),
	);
	expect(copies.length).toBeGreaterThanOrEqual(7);
	for (const [name, value] of copies)
		expect([name, value]).toEqual([name, "1"]);
});

test("a caller's property wins", () => {
	const properties = { "num.io.threads": "1", "message.max.bytes": "5" };
	expect(serverProperties({ ...options, properties })).toMatchObject(
		properties,
	);
});

test("a path with blanks, backslashes and umlauts survives the file's format", () => {
	expect(propertiesText({ "log.dirs": " C:\\Users\\Jörg x" })).toBe(
		"log.dirs=\\ C\\:\\\\Users\\\\J\\u00f6rg x\n",
	);
});
