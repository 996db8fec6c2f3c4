/**
 * `node services/runner/src/describe.ts FOLDER...`: what the pipelines in these folders read and
 * write, as one line of JSON, for programs that do not run them. A pipeline that does not load is
 * reported, and the others are described.
 */
import {
	parseSettings,
	type StageTopics,
	TOPIC_SETTINGS,
} from "@fireworks/contracts";
import type { PipelineDefinition } from "@fireworks/pipeline";
import { loadPipeline } from "./load-pipeline.ts";
import { groupOf, topicsOfStage } from "./stage-topics.ts";

interface DescribedStage {
	readonly name: string;
	readonly group: string;
	readonly topics: StageTopics;
	readonly config: Readonly<Record<string, string>>;
}

type DescribedPipeline =
	| {
			readonly name: string;
			readonly folder: string;
			readonly stages: readonly DescribedStage[];
			readonly sources: readonly {
				readonly name: string;
				readonly output: string;
				readonly changelog: string;
			}[];
	  }
	| { readonly folder: string; readonly problem: string };

const settings = parseSettings(process.env, TOPIC_SETTINGS);

async function described(folder: string): Promise<DescribedPipeline> {
	let pipeline: PipelineDefinition;
	try {
		pipeline = await loadPipeline(folder);
	} catch (error) {
		return { folder, problem: (error as Error).message };
	}
	return {
		name: pipeline.name,
		folder,
		stages: pipeline.stages.map((stage) => ({
			name: stage.name,
			group: groupOf(stage.name),
			topics: topicsOfStage(stage, pipeline.streams, settings),
			config: stage.config,
		})),
		sources: pipeline.sources.map(({ name, output }) => ({
			name,
			output: output.name,
			changelog: `${name}-changelog`,
		})),
	};
}

const pipelines = await Promise.all(process.argv.slice(2).map(described));
// What a pipeline prints while it loads comes before this line.
process.stdout.write(`\n${JSON.stringify(pipelines)}\n`, () => process.exit());
