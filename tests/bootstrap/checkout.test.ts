/**
 * The real tools on real checkouts: by Git for Windows, at paths that are hard to quote, with a
 * user's ~/.npmrc.
 */
import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	realpathSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Clone } from "./harness/clone.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let above: string;
beforeEach(() => {
	above = realpathSync(mkdtempSync(join(tmpdir(), "fireworks-checkout-")));
});
afterEach(() => rmSync(above, { recursive: true, force: true }));

const git = (...args: string[]) =>
	execFileSync("git", args, { encoding: "utf8", maxBuffer: 64e6 });

/** pnpm's store: packages that were downloaded once come from the disk. */
const store = execFileSync("pnpm", ["store", "path"], {
	cwd: ROOT,
	encoding: "utf8",
})
	.trim()
	.replace(/\/v\d+$/, "");
/** A PATH with the Node and pnpm that run this test, without Docker. */
const path = [
	dirname(process.execPath),
	...(process.env.PATH ?? "").split(delimiter),
];

test("a checkout of Git for Windows has LF everywhere, and bootstrap.sh runs in it", async () => {
	// The current files, committed or not.
	const source = new Clone("source");
	const crlf = join(above, "crlf");
	try {
		const at = ["-C", source.root];
		git(...at, "init", "--quiet");
		git(...at, "add", "--all");
		git(
			...at,
			"-c",
			"user.name=test",
			"-c",
			"user.email=test@example.com",
			"commit",
			"--quiet",
			"--message",
			"all",
		);
		git("-c", "core.autocrlf=true", "clone", "--quiet", source.root, crlf);
		const odd = git("-C", crlf, "ls-files", "--eol")
			.split("\n")
			.filter((line) => /^i\/(crlf|mixed)|w\/(crlf|mixed)/.test(line));
		expect(odd).toEqual([]);
		const run = (...words: string[]) =>
			execFileSync("sh", [join(crlf, "bootstrap.sh"), ...words, "--local"], {
				env: {
					HOME: above,
					PATH: path.join(delimiter),
					npm_config_store_dir: store,
				},
				encoding: "utf8",
			});
		expect(run("--help")).toContain("Usage: sh bootstrap.sh");
		// Patches are applied, and every script of the build is read.
		expect(run("prepare")).toContain("✓ Prepared, in all");
	} finally {
		source.remove();
	}
}, 600_000);

/** npm settings that broke the install or the build, each tested alone. */
const NPMRC = `
lockfile=false
package-lock=false
shared-workspace-lockfile=false
production=true
only=prod
omit=dev
optional=false
node-linker=hoisted
enable-modules-dir=false
symlink=false
modules-dir=elsewhere
virtual-store-dir=\${HOME}/virtual
lockfile-dir=\${HOME}
hoist=false
shamefully-hoist=true
public-hoist-pattern[]=*
ignore-workspace=true
recursive-install=false
auto-install-peers=false
strict-peer-dependencies=true
lockfile-only=true
package-lock-only=true
dry-run=true
use-node-version=18.20.0
global=true
location=global
prefix=\${HOME}/prefix
bin-links=false
workspaces=true
save-exact=true
node-options=--require=/gone.js
`;

test.each([
	["a person's ~/.npmrc", "clone", NPMRC],
	["an odd path", `a b,c%20#d'e"f$HOME{g}[h]&;!-Ünïcödé`, ""],
	["a path with a leading dash", "-x", ""],
])(
	"%s: packages are installed and all is built",
	async (_, name, npmrc) => {
		const clone = new Clone(name);
		try {
			writeFileSync(join(clone.home, ".npmrc"), `store-dir=${store}\n${npmrc}`);
			mkdirSync(join(clone.home, "tmp"));
			// `prepare` builds the page too. The locale is that of cron.
			const { code, stderr, stdout } = await clone.run(["prepare", "--local"], {
				path,
				env: { LC_ALL: "C" },
				timeoutMs: 540_000,
			});
			expect(code, stderr + stdout).toBe(0);
			for (const file of [
				"apps/cli/dist/main.js",
				"apps/dashboard/.next/standalone/apps/dashboard/server.js",
				"node_modules/.fireworks-stamp",
			])
				expect(existsSync(join(clone.root, file)), file).toBe(true);
			// Nothing was written next to the clone.
			expect(readdirSync(dirname(clone.root)).sort()).toEqual(
				[name, "home"].sort(),
			);
		} finally {
			clone.remove();
		}
	},
	600_000,
);
