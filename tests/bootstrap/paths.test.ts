/** A clone whose path is hard to quote: Docker receives the path unchanged. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { Clone } from "./harness/clone.ts";
import { Stubs } from "./harness/stub.ts";

let stubs: Stubs;
let clone: Clone | undefined;

beforeEach(() => {
	stubs = new Stubs();
});
afterEach(() => {
	stubs.remove();
	clone?.remove();
	clone = undefined;
});

/** One line of CSV, as Docker parses the value of --mount. */
function fieldsOf(mount: string): Map<string, string> {
	const fields = [...mount.matchAll(/("(?:[^"]|"")*"|[^,"]*)(?:,|$)/g)]
		.map(([, field = ""]) => field)
		.filter(Boolean)
		.map((field) =>
			field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
		);
	return new Map(
		fields.map((field) => {
			const at = field.indexOf("=");
			return at < 0 ? [field, ""] : [field.slice(0, at), field.slice(at + 1)];
		}),
	);
}

test.each([
	"with:colon",
	"with blank",
	"a,b",
	'with "quotes"',
	"it's",
	"#1",
	"50%s",
	"$HOME",
	"back\\slash",
	"äöü-日本",
])("%s", async (name) => {
	clone = new Clone(name);
	const { root } = clone;
	const ended = await clone.run(["prepare"], { path: [stubs.bin] });
	expect(ended.code, ended.stderr).toBe(0);
	const args = stubs.calls("docker", "run")[0]?.args ?? [];
	const mounts = args
		.filter((_, i) => args[i - 1] === "--mount")
		.map((mount) => Object.fromEntries(fieldsOf(mount)));
	expect(mounts).toContainEqual({ type: "bind", source: root, target: root });
	expect(args).toContain(`fireworks.workspace=${root}`);
	expect(args[args.indexOf("--workdir") + 1]).toBe(root);
	// Colons separate the entries of KUBECONFIG, so this path must not be in it.
	const kubeconfig = args.find((arg) => arg.startsWith("KUBECONFIG="));
	expect(kubeconfig).not.toContain(name);
	const run = stubs.calls("docker", "exec").at(-1)?.args ?? [];
	expect(run).toContain(`${root}/bootstrap.sh`);
	expect(run[run.indexOf("--workdir") + 1]).toBe(root);
});

test("a line break in the path is refused in one line, before anything is built", async () => {
	clone = new Clone("two\nlines");
	const { code, stderr } = await clone.run(["up"], { path: [stubs.bin] });
	expect([code, stderr]).toEqual([1, expect.stringContaining("line break")]);
	expect(stubs.calls("docker", "build")).toEqual([]);
});

test("a colon without Docker: refused in one line, as PATH cannot have it", async () => {
	clone = new Clone("with:colon");
	const { code, stderr } = await clone.run(["up", "--local"]);
	expect(code).toBe(1);
	expect(stderr.trim().split("\n")).toHaveLength(1);
	expect(stderr).toContain("a colon ends a folder in PATH");
	expect(stderr).toContain("What to do");
});
