/** The clone, the state folder, the home and the cache: their owners and their locations. */
import { execFileSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { giveTo, STRANGER } from "./harness/fake-tools.ts";
import { useFakeClone } from "./harness/use-clone.ts";

const { tools, clone } = useFakeClone();

/** A user that the user database of every Linux has. */
const OTHER_USER = 65_534;
const everything = () =>
	execFileSync("chown", ["-R", `${STRANGER}`, clone().root]);

describe("a clone of another user", () => {
	test("that was never prepared: one line, no wait, no stack trace", async () => {
		giveTo(STRANGER, clone(), clone().home);
		const { code, stderr, stdout } = await tools().run(
			clone(),
			["--local", "--detach"],
			{ uid: STRANGER },
		);
		expect(code).toBe(1);
		expect(stderr.trim().split("\n")).toHaveLength(1);
		expect(stderr).toContain(
			`${clone().root} cannot be written: no permission; it belongs to root, and you are ${STRANGER}`,
		);
		expect(stderr).toContain("clone again as yourself");
		expect(stdout).not.toContain("waiting");
	});

	test("whose packages were installed by root: the folder is named before anything is installed", async () => {
		everything();
		giveTo(STRANGER, clone(), clone().home);
		mkdirSync(join(clone().root, "apps/cli/dist"));
		const { code, stderr } = await tools().run(clone(), ["--local"], {
			uid: STRANGER,
		});
		expect(code).toBe(1);
		expect(stderr).toContain(
			`${clone().root}/apps/cli/dist cannot be written: no permission`,
		);
		expect(tools().takeSteps()).not.toContain("install");
	});

	test("that is prepared works with a state folder of one's own", async () => {
		const first = await tools().run(clone(), ["--local"]);
		expect(first.code, first.stderr).toBe(0);
		execFileSync("chown", ["-R", String(OTHER_USER), clone().home]);
		giveTo(OTHER_USER, clone());
		const state = join(clone().home, "state");
		const { code, stderr, stdout } = await tools().run(clone(), ["--local"], {
			uid: OTHER_USER,
			env: { FIREWORKS_STATE_DIR: state },
		});
		expect(code, stderr).toBe(0);
		expect(stdout).toContain("fireworks up --local");
		expect(existsSync(join(state, "target.json"))).toBe(true);
	});
});

describe("the cache of downloads", () => {
	/** Where the run kept its downloads, and what it passed to its programs. */
	async function cacheOf(
		env: Record<string, string | undefined>,
		cwd?: string,
	): Promise<string> {
		const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
			env: { FAKE_PNPM_VERSION: "9.0.0", ...env },
			...(cwd === undefined ? {} : { cwd }),
		});
		expect(code, stderr).toBe(0);
		const cache = tools().environment().FIREWORKS_CACHE_DIR ?? "";
		expect(existsSync(cache)).toBe(true);
		return cache;
	}

	test("is in HOME, in XDG_CACHE_HOME, or where it was set; a relative path is seen from the person", async () => {
		const { home } = clone();
		expect(await cacheOf({})).toBe(`${home}/.cache/fireworks`);
		expect(await cacheOf({ XDG_CACHE_HOME: `${home}/xdg` })).toBe(
			`${home}/xdg/fireworks`,
		);
		expect(await cacheOf({ FIREWORKS_CACHE_DIR: `${home}/own` })).toBe(
			`${home}/own`,
		);
		expect(await cacheOf({ FIREWORKS_CACHE_DIR: "own 2" }, home)).toBe(
			`${home}/own 2`,
		);
		// The XDG specification requires this.
		expect(await cacheOf({ XDG_CACHE_HOME: "relative" }, home)).toBe(
			`${home}/.cache/fireworks`,
		);
	});

	test("without HOME is in the home of the user database, for every program", async () => {
		tools().program("getent", `echo "person:x:0:0::${clone().home}:/bin/sh"`);
		expect(await cacheOf({ HOME: undefined })).toBe(
			`${clone().home}/.cache/fireworks`,
		);
		expect(tools().environment().HOME).toBe(clone().home);
	});

	test.each([undefined, "/"])(
		"of a user without an entry and HOME=%s is in the clone",
		async (home) => {
			everything();
			giveTo(STRANGER, clone(), clone().root);
			const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
				uid: STRANGER,
				env: { HOME: home, FAKE_PNPM_VERSION: "9.0.0" },
			});
			expect(code, stderr).toBe(0);
			const { HOME, FIREWORKS_CACHE_DIR } = tools().environment();
			expect(HOME).toBe(`${clone().root}/.fireworks/home`);
			expect(FIREWORKS_CACHE_DIR).toBe(`${HOME}/.cache/fireworks`);
		},
	);

	/** Another user's Node, in the place of ours. */
	function plantNode(folder: string): string {
		const bin = join(folder, "node-24.21.0", "bin");
		mkdirSync(bin, { recursive: true });
		const proof = join(tools().folder, "executed");
		writeFileSync(
			join(bin, "node"),
			`#!/bin/sh\ntouch '${proof}'\necho v24.21.0\n`,
		);
		chmodSync(join(bin, "node"), 0o755);
		return proof;
	}

	const old = { FAKE_NODE_VERSION: "20.1.0" };

	test.each(["verify-stream", "status"])(
		"that every user can write to is refused by `%s`, and nothing in it runs",
		async (word) => {
			mkdirSync(join(clone().root, "apps/cli/dist"));
			writeFileSync(join(clone().root, "apps/cli/dist/main.js"), "");
			const folder = join(clone().home, "open");
			const proof = plantNode(folder);
			chmodSync(folder, 0o777);
			const { code, stderr } = await tools().run(clone(), [word], {
				env: { ...old, FIREWORKS_CACHE_DIR: folder },
			});
			expect(code).toBe(1);
			expect(stderr).toContain(`${folder}: every user can write to it`);
			expect(stderr).toContain("chmod go-w");
			expect(existsSync(proof)).toBe(false);
		},
	);

	test("of another user is refused, also in a folder with the sticky bit", async () => {
		const sticky = join(clone().home, "tmp");
		const folder = join(sticky, ".cache", "fireworks");
		const proof = plantNode(folder);
		chmodSync(sticky, 0o1777);
		execFileSync("chown", ["-R", String(STRANGER), join(sticky, ".cache")]);
		const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
			env: { ...old, FIREWORKS_CACHE_DIR: folder },
		});
		expect(code).toBe(1);
		expect(stderr).toContain("belongs to another user");
		expect(existsSync(proof)).toBe(false);
	});

	test("below a folder that every user can write to is refused; with the sticky bit it is well", async () => {
		const above = join(clone().home, "above");
		mkdirSync(above);
		chmodSync(above, 0o777);
		const env = { FIREWORKS_CACHE_DIR: join(above, "cache") };
		const refused = await tools().run(clone(), ["verify-stream"], { env });
		expect(refused.code).toBe(1);
		expect(refused.stderr).toContain(`${above}: every user can write to it`);
		chmodSync(above, 0o1777);
		const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
			env,
		});
		expect(code, stderr).toBe(0);
	});

	test("whose group can write is refused, but not with a group of this user alone", async () => {
		const folder = join(clone().home, "shared");
		mkdirSync(folder);
		chmodSync(folder, 0o775);
		const env = { FIREWORKS_CACHE_DIR: folder };
		const own = await tools().run(clone(), ["verify-stream"], { env });
		expect(own.code, own.stderr).toBe(0);
		execFileSync("chgrp", ["1", folder]);
		chmodSync(folder, 0o775);
		const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
			env,
		});
		expect(code).toBe(1);
		expect(stderr).toContain(`${folder}: its group can write to it`);
	});

	test("HOME that sudo kept from another user is not written to", async () => {
		giveTo(STRANGER, clone(), clone().home);
		const own = join(dirname(clone().home), "root-home");
		mkdirSync(own);
		tools().program("getent", `echo "root:x:0:0::${own}:/bin/sh"`);
		expect(await cacheOf({})).toBe(`${own}/.cache/fireworks`);
	});
});

test("a relative FIREWORKS_STATE_DIR is seen from the person, once", async () => {
	const { code, stderr } = await tools().run(clone(), ["--local"], {
		cwd: clone().home,
		env: { FIREWORKS_STATE_DIR: "my state" },
	});
	expect(code, stderr).toBe(0);
	const folder = join(clone().home, "my state");
	expect(tools().environment().FIREWORKS_STATE_DIR).toBe(folder);
	expect(existsSync(join(folder, "target.json"))).toBe(true);
});

test.each(["a:b", "a\\b", "a\nb"])(
	"a clone at %j: reported before anything else",
	async (name) => {
		const odd = join(dirname(clone().root), name);
		renameSync(clone().root, odd);
		try {
			const moved = { root: odd, home: clone().home } as ReturnType<
				typeof clone
			>;
			const { code, stderr } = await tools().run(moved, ["help"]);
			expect(code).toBe(1);
			expect(stderr).toContain("This clone cannot be used");
			expect(stderr).toContain("clone to a folder without one");
			expect(existsSync(join(odd, ".fireworks"))).toBe(false);
		} finally {
			renameSync(odd, clone().root);
		}
	},
);

test("umask 077: the same user runs it again, and nothing is made again", async () => {
	const script = `umask 077 && exec sh bootstrap.sh --local`;
	const env = {
		HOME: clone().home,
		PATH: `${tools().folder}/bin:/usr/bin:/bin`,
		FAKE: tools().folder,
	};
	for (const _ of [1, 2])
		expect(
			execFileSync("sh", ["-c", script], { cwd: clone().root, env }).toString(),
		).toContain("fireworks up --local");
	expect(
		tools()
			.takeSteps()
			.filter((step) => step === "install"),
	).toHaveLength(1);
	expect(
		readFileSync(join(clone().root, "node_modules/packages"), "utf8"),
	).toBe("whole\n");
});
