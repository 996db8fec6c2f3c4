/** What is known of a stage before its topics are read. */
import type { StageTopicSpec } from "@fireworks/contracts";

export interface KnownStage {
	readonly name: string;
	/** clock: the metronome; source: of a pipeline. Both have no input. */
	readonly kind: "stage" | "clock" | "source";
	/** Where it is defined: a pipeline, `built in`, or `changelog`: only its topics are known. */
	readonly from: string;
	/** The part of the local system that runs it; undefined: not known. */
	readonly part: string | undefined;
	readonly inputs: readonly string[];
	readonly output: string;
	readonly sideOutputs: readonly string[];
	readonly changelog: string;
	/** Empty: it has none, or it is not known. */
	readonly group: string;
	/** undefined: not known. */
	readonly config: Readonly<Record<string, string>> | undefined;
	/** How it makes topics that do not exist. */
	readonly specs: readonly StageTopicSpec[];
}
