/** How the chart names things: by the recommended labels, and `<release>-<part>`. */
import { PART_NAMES, type PartName } from "../part-names.ts";

export const COMPONENT = "app.kubernetes.io/component";
export const INSTANCE = "app.kubernetes.io/instance";

/** Selects everything of a release. */
export const ofRelease = (release: string) => `${INSTANCE}=${release}`;

interface Labelled {
	metadata?: { labels?: Record<string, string> };
}

/** The part that an object belongs to; undefined for what is no part (jobs, tests). */
export const partOf = (object: Labelled): PartName | undefined => {
	const component = object.metadata?.labels?.[COMPONENT];
	return PART_NAMES.find((name) => name === component);
};
