/**
 * Checks that the ports of the parts are free.
 *
 * Both loopback addresses are checked, whatever the parts listen on: a browser that opens
 * `localhost` may try ::1 first, and would see another program's page there.
 */
import { connect } from "node:net";
import { variableOf } from "@fireworks/contracts";
import { tryPort } from "@fireworks/local-kafka";
import {
	type LocalPartName,
	localPartNames,
	portSettingOf,
} from "../local/part-names.ts";
import { descendsFrom } from "../process/identity.ts";
import type { AllSettings } from "../settings.ts";
import { type Finding, ok, problem } from "./finding.ts";
import { type PortOwner, portOwners } from "./port-owner.ts";

const LOOPBACK = ["127.0.0.1", "::1"];
const CONNECT_TIMEOUT_MS = 500;

/**
 * own: pids of parts that run now; they may use their ports. names: the parts whose ports are
 * checked.
 */
export async function checkPorts(
	settings: AllSettings,
	own: ReadonlySet<number> = new Set(),
	names: readonly LocalPartName[] = localPartNames(settings),
): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const name of names) {
		const port = settings[portSettingOf(name)];
		const host = name === "kafka" ? "127.0.0.1" : settings.host;
		const addresses = [...new Set([host, ...LOOPBACK])];
		// One after the other: our own attempts to listen on all addresses and on one of them would
		// collide.
		const looks: Look[] = [];
		for (const address of addresses)
			looks.push(await look(port, address, address === host));
		findings.push(judge(name, port, looks, own));
	}
	return findings;
}

/** What was found at one address: free, taken, or not possible to listen on. */
interface Look {
	address: string;
	taken: boolean;
	/** Why a part cannot listen here, if the port is not taken. */
	refused?: string;
}

async function look(
	port: number,
	address: string,
	needed: boolean,
): Promise<Look> {
	// 0 means any free port.
	if (port === 0) return { address, taken: false };
	try {
		await tryPort(port, address);
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		if (code === "EADDRINUSE") return { address, taken: true };
		// A machine without IPv6 has no ::1 to listen on.
		return { address, taken: false, ...(needed && { refused: message }) };
	}
	// Some systems let a second program listen on one address of a port that another has on all.
	const taken = LOOPBACK.includes(address) && (await answers(port, address));
	return { address, taken };
}

const answers = (port: number, host: string): Promise<boolean> =>
	new Promise((resolve) => {
		const socket = connect({ port, host });
		const end = (answer: boolean) => {
			socket.destroy();
			resolve(answer);
		};
		socket.setTimeout(CONNECT_TIMEOUT_MS, () => end(false));
		socket.on("connect", () => end(true));
		socket.on("error", () => end(false));
	});

function judge(
	name: LocalPartName,
	port: number,
	looks: readonly Look[],
	own: ReadonlySet<number>,
): Finding {
	const check = `port ${port}`;
	const variable = variableOf(portSettingOf(name));
	const refused = looks.find((one) => one.refused !== undefined)?.refused;
	if (refused !== undefined)
		return problem(
			check,
			`${name} may not listen on it: ${refused}`,
			`Set ${variable} to a port above 1023, or FIREWORKS_HOST to an address of this machine`,
		);
	const taken = looks.filter((one) => one.taken).map((one) => one.address);
	if (taken.length === 0) return ok(check, `free, for ${name}`);
	const owners = portOwners(port);
	const others = owners.filter(({ pid }) => !descendsFrom(pid, own));
	const [mine] = owners.filter(({ pid }) => descendsFrom(pid, own));
	if (mine && others.length === 0)
		return ok(check, `used by ${name} (pid ${mine.pid})`);
	const whose = others.map(shown).join(", and ");
	const pids = others.map(({ pid }) => pid).join(" ");
	return problem(
		check,
		`needed by ${name}, but ${whose || "another process listens on it"} (at ${taken.join(" and ")})`,
		`Stop ${pids ? `it (kill ${pids})` : "that process"}, or choose another port: ${variable}=${port + 10_000 > 65_535 ? port - 1_000 : port + 10_000}`,
	);
}

const shown = ({ pid, command }: PortOwner) =>
	`pid ${pid} listens on it: ${command}`;
