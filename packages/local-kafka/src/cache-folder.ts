/**
 * The folder of all downloads: where it is, by the same rules as in bootstrap.sh, and whether it is
 * safe.
 *
 * Programs in it are executed, so no other user may be able to put one there. The folder and those
 * above it must belong to this user or to root, and others must not be able to write to them.
 * (Everyone can write to /tmp, but its sticky bit keeps others from renaming our folder.)
 */
import { readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { LocalKafkaError } from "./errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const OTHERS_WRITE = 0o002;
const GROUP_WRITES = 0o020;
const STICKY = 0o1000;

/**
 * FIREWORKS_CACHE_DIR, else `$XDG_CACHE_HOME/fireworks` if that is absolute, else
 * `~/.cache/fireworks`. Without HOME, the home in the user database is used. Throws LocalKafkaError
 * `cache-unusable` if there is none.
 */
export function cacheRoot(env: Environment = process.env): string {
	const { FIREWORKS_CACHE_DIR: set, XDG_CACHE_HOME: xdg } = env;
	if (set) return resolve(set);
	// The XDG specification says to ignore a relative path.
	if (xdg && isAbsolute(xdg)) return join(xdg, "fireworks");
	return join(homeFolder(env), ".cache", "fireworks");
}

function homeFolder(env: Environment): string {
	// Docker sets HOME=/ for a user id without a name.
	const usable = (home: string | undefined) =>
		home && isAbsolute(home) && home !== "/" ? home : undefined;
	const home = usable(env.HOME) ?? usable(homeOfUser());
	if (home) return home;
	throw new LocalKafkaError(
		"cache-unusable",
		"There is no place for downloads: HOME is not set, and the user database names no home folder. Set FIREWORKS_CACHE_DIR to a folder of your own.",
	);
}

function homeOfUser(): string | undefined {
	try {
		return userInfo().homedir;
	} catch {
		return undefined;
	}
}

/**
 * Throws LocalKafkaError `cache-unusable` if another user could change the folder's content. The
 * folder need not exist yet.
 */
export function refuseUnsafeCache(root: string): void {
	if (process.getuid === undefined) return;
	let folder = resolve(root);
	while (!isThere(folder)) folder = dirname(folder);
	folder = realpathSync(folder);
	for (let above = false; ; above = true) {
		const why = distrust(statSync(folder), above);
		if (why)
			throw new LocalKafkaError(
				"cache-unusable",
				`The cache of downloads is not safe, and programs in it are executed: ${folder}: ${why}. Correct its owner and mode (\`chmod go-w\`), or set FIREWORKS_CACHE_DIR to a folder of your own.`,
			);
		if (folder === dirname(folder)) return;
		folder = dirname(folder);
	}
}

function distrust(stats: Stats, above: boolean): string | undefined {
	const { mode, uid, gid } = stats;
	if (uid !== 0 && uid !== process.getuid?.())
		return `it belongs to another user (${uid})`;
	if (above && mode & STICKY) return undefined;
	if (mode & OTHERS_WRITE) return "every user can write to it";
	if (mode & GROUP_WRITES && !isPrivateGroup(gid))
		return "its group can write to it";
	return undefined;
}

/**
 * Whether the group is root's or has only this user, which is the default of most distributions.
 */
function isPrivateGroup(gid: number): boolean {
	if (gid === 0) return true;
	if (gid !== process.getgid?.()) return false;
	try {
		const groups = readFileSync("/etc/group", "utf8").split("\n");
		const name = groups.find((line) => line.split(":")[2] === String(gid));
		return name?.split(":")[0] === userInfo().username;
	} catch {
		return false;
	}
}

function isThere(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
