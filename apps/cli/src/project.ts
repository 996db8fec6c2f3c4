/** The files of the running system, all in one folder. */
import { join } from "node:path";

export { ROOT } from "@fireworks/programs";

export interface StateFolder {
	root: string;
	stateFile: string;
	lockFile: string;
	logs: string;
	/** Requests to restart a part, for the supervisor. */
	restarts: string;
	kafka: string;
	/** Checkpoints and scratch files of the Spark engine. */
	spark: string;
	/** Tables of the lake. */
	lake: string;
}

export const stateFolder = (root: string): StateFolder => ({
	root,
	stateFile: join(root, "state.json"),
	lockFile: join(root, "lock"),
	logs: join(root, "logs"),
	restarts: join(root, "restarts"),
	kafka: join(root, "kafka"),
	spark: join(root, "spark"),
	lake: join(root, "lake"),
});
