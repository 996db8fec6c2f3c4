/** How the chart names its objects: by the recommended labels, and `<release>-<part>`. */
import { OPTIONAL_PART_NAMES, PART_NAMES } from "../../local/part-names.ts";

export const COMPONENT = "app.kubernetes.io/component";
export const INSTANCE = "app.kubernetes.io/instance";

/** Selects all objects of a release. */
export const ofRelease = (release: string) => `${INSTANCE}=${release}`;

interface Labelled {
	metadata?: { labels?: Record<string, string> };
}

/** In front of a pipeline's name, so that none can be taken for a part or a job. */
const PIPELINE = "pipeline-";

/**
 * The part that an object belongs to: a part of the system, or a pipeline by its name. undefined
 * for other objects (jobs, tests).
 */
export const partOf = (object: Labelled): string | undefined => {
	const component = object.metadata?.labels?.[COMPONENT];
	return component?.startsWith(PIPELINE)
		? component.slice(PIPELINE.length)
		: [...PART_NAMES, ...OPTIONAL_PART_NAMES].find(
				(name) => name === component,
			);
};

/** The five parts, and then the optional parts and pipelines that these objects belong to. */
export const partsOf = (objects: readonly Labelled[]): string[] => {
	const others = objects
		.flatMap((object) => partOf(object) ?? [])
		.filter((part) => !PART_NAMES.some((name) => name === part));
	return [...PART_NAMES, ...new Set(others.sort())];
};
