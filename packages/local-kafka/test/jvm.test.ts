import { expect, test } from "vitest";
import { brokerLayout } from "../src/broker-layout.ts";
import { jvmArguments, jvmEnvironment } from "../src/jvm.ts";

const java = { locale: "C.UTF-8" };
const argumentsIn = (folder: string) =>
	jvmArguments(brokerLayout(folder), { heapMb: 384 }, "kafka.Kafka", []);

test("the JVM has one locale, whatever the person's is", () => {
	expect(argumentsIn("/d")).toEqual(
		expect.arrayContaining(["-Duser.language=en", "-Duser.country=US"]),
	);
	const env = jvmEnvironment(java, { heapMb: 384 }, "a.jar", {
		LC_ALL: "tr_TR.UTF-8",
	});
	expect(env).toEqual({ LC_ALL: "C.UTF-8", CLASSPATH: "a.jar" });
});

test("what _JAVA_OPTIONS overrides is said after it again", () => {
	const { _JAVA_OPTIONS: options } = jvmEnvironment(
		java,
		{ heapMb: 384 },
		"a.jar",
		{ _JAVA_OPTIONS: "-Xmx64m -Duser.language=tr" },
	);
	expect(options).toMatch(
		/^-Xmx64m -Duser\.language=tr -Xms96m -Xmx384m -Duser\.language=en /,
	);
});

test("Log4j's address has no comma and no place holder, which it would split or fill in", () => {
	const argument = argumentsIn(`/a,b/$${"{x}"}/%41#?`).find((a) =>
		a.startsWith("-Dlog4j2."),
	);
	expect(argument).toBe(
		"-Dlog4j2.configurationFile=file:///a%2Cb/$%7Bx%7D/%2541%23%3F/log4j2.properties",
	);
});
