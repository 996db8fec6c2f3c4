/** Which process listens on a TCP port, where /proc tells (Linux, and only our own processes unless root). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const LISTEN = "0A";
const COMMAND_MAX = 80;

export interface PortOwner {
	pid: number;
	/** Its command line, shortened. */
	command: string;
}

/** The inodes of the sockets that listen on the port, from the text of /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, port: number): string[] {
	const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
	return table
		.split("\n")
		.slice(1)
		.map((line) => line.trim().split(/\s+/))
		.filter((f) => f[1]?.endsWith(`:${hexPort}`) && f[3] === LISTEN)
		.flatMap((f) => f[9] ?? []);
}

/** The owner; undefined where it cannot be told. */
export function portOwner(port: number): PortOwner | undefined {
	const inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
		listeningInodes(read(file), port),
	);
	if (inodes.length === 0) return undefined;
	const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
	const pid = list("/proc")
		.filter((name) => /^\d+$/.test(name))
		.find((name) =>
			list(`/proc/${name}/fd`).some((fd) =>
				sockets.has(link(`/proc/${name}/fd/${fd}`)),
			),
		);
	if (pid === undefined) return undefined;
	const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
	return {
		pid: Number(pid),
		command:
			command.length > COMMAND_MAX
				? `${command.slice(0, COMMAND_MAX)}…`
				: command,
	};
}

const attempt = <T>(work: () => T, otherwise: T): T => {
	try {
		return work();
	} catch {
		return otherwise;
	}
};
const read = (path: string) => attempt(() => readFileSync(path, "utf8"), "");
const list = (path: string) => attempt(() => readdirSync(path), []);
const link = (path: string) => attempt(() => readlinkSync(path), "");
