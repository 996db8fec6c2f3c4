/** From checked settings to a supervisor that holds the lock. */
import type { Environment } from "@fireworks/contracts";
import type { Java } from "@fireworks/local-kafka";
import type { AllSettings } from "../local-settings.ts";
import { identify, type ProcessIdentity } from "../process/identity.ts";
import type { StateFolder } from "../project.ts";
import { takeLock } from "../state/lock.ts";
import { dataMoves } from "../supervisor/data-probe.ts";
import type { Part } from "../supervisor/part.ts";
import type { PartStatus } from "../supervisor/part-state.ts";
import { partDefinitions, reachable } from "../supervisor/parts.ts";
import { type StartFailure, Supervisor } from "../supervisor/supervisor.ts";

export interface LocalStart {
	/** The person's environment with `variables`. */
	env: Environment;
	/** What the parts get and the state remembers. */
	variables: Record<string, string>;
	/** Of that environment. */
	settings: AllSettings;
	folder: StateFolder;
	java: Java;
}

/** Where ticks are farther apart, a start does not wait for the next one. */
const PATIENCE_MS = 10_000;

export interface Supervised {
	supervisor: Supervisor;
	/** Waits until the system is ready; resolves with the failure where it does not get there in time. */
	ready(signal: AbortSignal): Promise<StartFailure | undefined>;
	/** Gives the lock back, when all is stopped. */
	release(): void;
}

export const pageOf = (settings: AllSettings): string =>
	`http://localhost:${settings.dashboardPort}`;

/** Takes the lock and makes the supervisor; where another process has the lock, that process. */
export function supervise(
	start: LocalStart,
	onChange: (part: Part, before: PartStatus) => void = () => {},
): Supervised | ProcessIdentity {
	const { settings, folder, variables } = start;
	const lock = takeLock(folder.lockFile);
	if (!lock.held) return lock.owner;
	const identity = identify(process.pid);
	if (identity === undefined)
		throw new Error("this process cannot find itself");
	const supervisor = new Supervisor({
		definitions: partDefinitions(start),
		folder,
		page: pageOf(settings),
		variables,
		identity,
		onChange,
	});
	const ports = [
		settings.middlewarePort,
		...(settings.compareEngine ? [settings.compareMiddlewarePort] : []),
	];
	const moves = async (over: AbortSignal) => {
		const each = ports.map((port) =>
			dataMoves(
				{
					address: `${reachable(settings.host)}:${port}`,
					snapshotWillDo: settings.metronomeIntervalMs > PATIENCE_MS,
				},
				over,
			),
		);
		return (await Promise.all(each)).every(Boolean);
	};
	return {
		supervisor,
		ready: (signal) => supervisor.start(moves, signal),
		release: lock.release,
	};
}
