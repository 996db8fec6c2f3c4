/**
 * The name of a pipeline: that of its folder, of its part, and of its Deployment in a cluster.
 */
export const PIPELINE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** The rule as text, for errors. */
export const PIPELINE_NAME_RULE =
	"1 to 40 of a-z 0-9 -, with a letter or digit first and last";
