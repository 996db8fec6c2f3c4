/**
 * Finds the processes that listen on a TCP port, if /proc tells (on Linux; without root only for
 * our own processes).
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const LISTEN = "0A";
const COMMAND_MAX = 80;

export interface PortOwner {
	pid: number;
	/** The process's command line, shortened. */
	command: string;
}

/** The inodes of the sockets that listen on the port. table: the text of /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, port: number): string[] {
	const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
	return table
		.split("\n")
		.slice(1)
		.map((line) => line.trim().split(/\s+/))
		.filter((f) => f[1]?.endsWith(`:${hexPort}`) && f[3] === LISTEN)
		.flatMap((f) => f[9] ?? []);
}

/**
 * All processes that listen on the port, on any IPv4 or IPv6 address. Empty if the system does not
 * tell.
 */
export function portOwners(port: number): PortOwner[] {
	const inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
		listeningInodes(read(file), port),
	);
	if (inodes.length === 0) return [];
	const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
	return list("/proc")
		.filter((name) => /^\d+$/.test(name))
		.filter((name) =>
			list(`/proc/${name}/fd`).some((fd) =>
				sockets.has(link(`/proc/${name}/fd/${fd}`)),
			),
		)
		.map((name) => ({ pid: Number(name), command: commandOf(name) }));
}

function commandOf(pid: string): string {
	const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
	return command.length > COMMAND_MAX
		? `${command.slice(0, COMMAND_MAX)}…`
		: command;
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
