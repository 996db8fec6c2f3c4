/** The stages and sources that the clone's pipelines define. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StageTopics } from "@fireworks/contracts";
import { ROOT } from "@fireworks/programs";
import type { KnownStage } from "./known-stage.ts";

interface Described {
	readonly folder: string;
	readonly problem?: string;
	readonly name: string;
	readonly stages: readonly {
		name: string;
		group: string;
		topics: StageTopics;
		config: Readonly<Record<string, string>>;
	}[];
	readonly sources: readonly {
		name: string;
		output: string;
		changelog: string;
	}[];
}

export interface PipelineStages {
	readonly stages: readonly KnownStage[];
	/** Pipelines that do not load, with the reason. */
	readonly problems: readonly string[];
}

const DESCRIBE = join(ROOT, "services/runner/src/describe.ts");
const LOAD_MAX_MS = 30_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** The folders under pipelines/ that hold one. */
function folders(): string[] {
	const root = join(ROOT, "pipelines");
	// An image has neither the pipelines nor the runner's sources.
	if (!existsSync(root) || !existsSync(DESCRIBE)) return [];
	return readdirSync(root)
		.map((name) => join(root, name))
		.filter((folder) => existsSync(join(folder, "pipeline.ts")));
}

/** A program of its own loads them: it has the same copy of every package as they have. */
export async function pipelineStages(
	env: NodeJS.ProcessEnv,
): Promise<PipelineStages> {
	const found = folders();
	if (found.length === 0) return { stages: [], problems: [] };
	let described: Described[];
	try {
		const { stdout } = await promisify(execFile)(
			process.execPath,
			[DESCRIBE, ...found],
			{ env, timeout: LOAD_MAX_MS, maxBuffer: OUTPUT_BYTES_MAX },
		);
		described = JSON.parse(stdout.trimEnd().split("\n").at(-1) as string);
	} catch (error) {
		const { stderr, message } = error as Error & { stderr?: string };
		const why = stderr?.trim().split("\n").at(-1) || message;
		return { stages: [], problems: [`the pipelines do not load: ${why}`] };
	}
	return {
		problems: described.flatMap(({ problem }) => problem ?? []),
		stages: described.flatMap((one) => (one.problem ? [] : stagesOf(one))),
	};
}

const stagesOf = ({ name, stages, sources }: Described): KnownStage[] => [
	...sources.map((source) => ({
		name: source.name,
		kind: "source" as const,
		from: name,
		part: name,
		inputs: [],
		output: source.output,
		sideOutputs: [],
		changelog: source.changelog,
		group: "",
		config: undefined,
		specs: [],
	})),
	...stages.map((stage) => ({
		name: stage.name,
		kind: "stage" as const,
		from: name,
		part: name,
		inputs: stage.topics.inputs,
		output: stage.topics.output.name,
		sideOutputs: (stage.topics.sideOutputs ?? []).map((one) => one.name),
		changelog: stage.topics.changelog.name,
		group: stage.group,
		config: stage.config,
		specs: [
			stage.topics.output,
			stage.topics.changelog,
			...(stage.topics.sideOutputs ?? []),
		],
	})),
];
