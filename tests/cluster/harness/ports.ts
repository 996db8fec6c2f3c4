/** Ports and addresses of this machine. */
import { tryPort } from "@fireworks/local-kafka";
import { must } from "./command.ts";

/** The port, or a free one if another program uses it. */
export const portOr = (port: number): Promise<number> =>
	tryPort(port).catch(() => tryPort(0));

/** The address of Docker's bridge: this machine as the containers see it. */
export async function bridgeAddress(): Promise<string> {
	// Node's own list omits an interface while nothing is connected to it.
	const addresses = await must("ip", ["-4", "-o", "addr", "show", "docker0"]);
	const address = /inet ([\d.]+)/.exec(addresses)?.[1];
	if (address === undefined) throw new Error(`no address: ${addresses}`);
	return address;
}
