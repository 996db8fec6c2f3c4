/** Lists a machine's Docker objects and routes, to find what a command left behind. */
import { must, run } from "./command.ts";

export type Inventory = Readonly<Record<string, readonly string[]>>;

const lines = async (...args: string[]): Promise<string[]> =>
	(await must("docker", args)).split("\n").filter(Boolean);

export async function inventory(): Promise<Inventory> {
	const routes = await run("ip", ["route"]);
	return {
		containers: await lines("ps", "--all", "--format", "{{.Names}}"),
		networks: await lines("network", "ls", "--format", "{{.Name}}"),
		volumes: await lines("volume", "ls", "--format", "{{.Name}}"),
		// Docker's own bridge shows "linkdown" while nothing is connected to it.
		routes: routes.stdout
			.split("\n")
			.map((line) => line.replace(/ linkdown\s*$/, "").trim())
			.filter(Boolean),
	};
}

/** What exists now and did not exist before, by kind. */
export function added(before: Inventory, now: Inventory): string[] {
	return Object.entries(now).flatMap(([kind, names]) =>
		names
			.filter((name) => !before[kind]?.includes(name))
			.map((name) => `${kind}: ${name}`),
	);
}
