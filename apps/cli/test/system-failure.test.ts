import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemFailure } from "../src/system-failure.ts";
import { tempFolder } from "./support/temp.ts";

const dir = tempFolder();

const thrownBy = (work: () => unknown): unknown => {
	try {
		work();
	} catch (error) {
		return error;
	}
	return undefined;
};

test("a state folder that cannot be written is reported with its path and what to do, without a stack", () => {
	const file = join(dir, "file");
	writeFileSync(file, "");
	const error = thrownBy(() => writeFileSync(join(file, "state.json"), ""));
	const text = systemFailure(error) ?? "";
	expect(text).toContain(join(file, "state.json"));
	expect(text).toMatch(/What to do: .*FIREWORKS_STATE_DIR/);
	expect(text).not.toMatch(/^\s+at /m);
});

test.each(["ENOSPC", "EROFS", "EACCES"])("%s", (code) => {
	const error = Object.assign(new Error(`${code}: open '/s'`), {
		code,
		path: "/s",
	});
	expect(systemFailure(error)?.split("\n")).toHaveLength(2);
});

test("an error that no folder explains keeps its stack", () => {
	expect(systemFailure(new Error("a bug"))).toBeUndefined();
	const absent = thrownBy(() => readFileSync(join(dir, "none")));
	expect(systemFailure(absent)).toBeUndefined();
});
