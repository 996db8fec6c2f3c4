import {
	chmodSync,
	chownSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheRoot, refuseUnsafeCache } from "../src/cache-folder.ts";

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "cache-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test("FIREWORKS_CACHE_DIR, else an absolute XDG_CACHE_HOME, else the home folder", () => {
	const HOME = "/home/me";
	expect(
		cacheRoot({ FIREWORKS_CACHE_DIR: "/c", XDG_CACHE_HOME: "/x", HOME }),
	).toBe("/c");
	expect(cacheRoot({ FIREWORKS_CACHE_DIR: "c", HOME })).toBe(
		join(process.cwd(), "c"),
	);
	expect(cacheRoot({ XDG_CACHE_HOME: "/x", HOME })).toBe("/x/fireworks");
	for (const XDG_CACHE_HOME of ["x", ""])
		expect(cacheRoot({ XDG_CACHE_HOME, HOME })).toBe(
			"/home/me/.cache/fireworks",
		);
});

test("without HOME, or with Docker's HOME=/, the home of the user database counts", () => {
	const home = join(userInfo().homedir, ".cache/fireworks");
	for (const env of [{}, { HOME: "" }, { HOME: "/" }, { HOME: "here" }])
		expect(cacheRoot(env)).toBe(home);
});

const unsafe = (why: RegExp) =>
	expect.objectContaining({
		code: "cache-unusable",
		message: expect.stringMatching(why),
	});

test("a folder of our own is safe, also one that is not there yet, or by a link", () => {
	refuseUnsafeCache(dir);
	refuseUnsafeCache(join(dir, "not", "yet"));
	symlinkSync(dir, join(dir, "link"));
	refuseUnsafeCache(join(dir, "link"));
});

test("a folder that every user can write to is refused, and one inside of it", () => {
	const inside = join(dir, "inside");
	mkdirSync(inside);
	chmodSync(dir, 0o777);
	expect(() => refuseUnsafeCache(dir)).toThrow(
		unsafe(/every user.*chmod go-w/),
	);
	expect(() => refuseUnsafeCache(inside)).toThrow(unsafe(/every user/));
	// Like /tmp: other users cannot rename what is in there.
	chmodSync(dir, 0o1777);
	refuseUnsafeCache(inside);
	expect(() => refuseUnsafeCache(dir)).toThrow(unsafe(/every user/));
});

test("a folder of another user, or of another group that can write, is refused", () => {
	if (process.getuid?.() === 0) {
		chownSync(dir, 12_345, 12_345);
		expect(() => refuseUnsafeCache(dir)).toThrow(
			unsafe(/another user \(12345\)/),
		);
		chownSync(dir, 0, 12_345);
		chmodSync(dir, 0o775);
		expect(() => refuseUnsafeCache(dir)).toThrow(unsafe(/its group/));
	} else {
		// Only root can change a folder's owner. So the test uses root's own home.
		expect(() => refuseUnsafeCache("/proc/1")).not.toThrow();
		chmodSync(dir, 0o707);
		expect(() => refuseUnsafeCache(dir)).toThrow(unsafe(/every user/));
	}
});
