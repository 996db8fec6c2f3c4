/** Are the ports of the parts free? */
import { variableOf } from "@fireworks/contracts";
import { tryPort } from "@fireworks/local-kafka";
import {
	type AllSettings,
	localPartNames,
	portSettingOf,
} from "../local-settings.ts";
import type { LocalPartName } from "../part-names.ts";
import { type Finding, ok, problem } from "./finding.ts";
import { portOwner } from "./port-owner.ts";

/** own: pids of parts that run now, whose ports are taken rightly. names: whose ports are looked at. */
export async function checkPorts(
	settings: AllSettings,
	own: ReadonlySet<number> = new Set(),
	names: readonly LocalPartName[] = localPartNames(settings),
): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const name of names) {
		const port = settings[portSettingOf(name)];
		const host = name === "kafka" ? "127.0.0.1" : settings.host;
		const check = `port ${port}`;
		try {
			await tryPort(port, host);
			findings.push(ok(check, `free, for ${name}`));
		} catch (error) {
			const { code, message } = error as NodeJS.ErrnoException;
			const owner = code === "EADDRINUSE" ? portOwner(port) : undefined;
			if (owner && own.has(owner.pid)) {
				findings.push(ok(check, `used by ${name} (pid ${owner.pid})`));
				continue;
			}
			const variable = variableOf(portSettingOf(name));
			const other = `choose another port: ${variable}=${port + 10_000 > 65_535 ? port - 1_000 : port + 10_000}`;
			if (code === "EADDRINUSE")
				findings.push(
					problem(
						check,
						`needed by ${name}, but ${owner ? `pid ${owner.pid} listens on it: ${owner.command}` : "another process listens on it"}`,
						`Stop ${owner ? `it (kill ${owner.pid})` : "that process"}, or ${other}`,
					),
				);
			else
				findings.push(
					problem(
						check,
						`${name} may not listen on it: ${message}`,
						`Set ${variable} to a port above 1023, or FIREWORKS_HOST to an address of this machine`,
					),
				);
		}
	}
	return findings;
}
