/** Is the state folder usable: writable, its state readable, Kafka's data whole? */
import { accessSync, constants, mkdirSync } from "node:fs";
import { brokerLayout, inspectStorage, reasonOf } from "@fireworks/local-kafka";
import type { StateFolder } from "../project.ts";
import { readState } from "../state/state-file.ts";
import { type Finding, ok, problem } from "./finding.ts";

export function checkStateFolder(folder: StateFolder): Finding[] {
	try {
		mkdirSync(folder.root, { recursive: true });
		accessSync(folder.root, constants.W_OK | constants.X_OK);
	} catch (error) {
		return [
			problem(
				"state folder",
				`${folder.root} is not writable: ${reasonOf(error)}`,
				"Give it to your user (`chown`), remove it, or set FIREWORKS_STATE_DIR to another folder",
			),
		];
	}
	return [
		judge("state", () => {
			readState(folder.stateFile);
			return `${folder.root} is writable, its state readable`;
		}),
		judge("kafka data", () => {
			const found = inspectStorage(brokerLayout(folder.kafka));
			return found ? `cluster ${found.clusterId}` : "none yet";
		}),
	];
}

/** The errors of what is looked at say themselves what to do. */
function judge(check: string, look: () => string): Finding {
	try {
		return ok(check, look());
	} catch (error) {
		return problem(check, (error as Error).message, "");
	}
}
