/**
 * A stage's name is its identity: it gives the consumer group. Two programs that use one name for
 * different stages would share the partitions of the group, and each would process only some of
 * them. So each member says what it is, and the one that came later stops.
 */
import { createHash } from "node:crypto";
import type { StageTopics } from "@fireworks/contracts";
import { z } from "zod";
import { StreamsError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Clock } from "../time.ts";
import type { Stage } from "./stage.ts";

const identitySchema = z.object({
	stage: z.string(),
	inputs: z.array(z.string()),
	output: z.string(),
	/** A digest of the changelog's name, the configuration and the broadcast table's topic. */
	rest: z.string(),
	owner: z.string(),
	/** Where it answers for its states, if it does. */
	address: z.string().optional(),
	/** When the program last found the name free, and joined. ms since 1970. */
	since: z.number(),
});
export type Identity = z.infer<typeof identitySchema>;

/** How often a group that rebalances is asked again, and for how long. */
const ASK_EVERY_MS = 250;
const ASK_MAX_MS = 5_000;

export const identityOf = (
	{
		name,
		config,
		broadcast,
	}: Pick<Stage<unknown, unknown, unknown>, "name" | "config" | "broadcast">,
	{ inputs, output, changelog }: StageTopics,
	owner: string,
	since: number,
	address?: string,
): Identity => ({
	stage: name,
	inputs: [...inputs],
	output: output.name,
	rest: createHash("sha256")
		.update(
			JSON.stringify([
				changelog.name,
				Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)),
				...(broadcast === undefined ? [] : [broadcast.topic]),
			]),
		)
		.digest("hex")
		.slice(0, 16),
	owner,
	since,
	...(address === undefined ? {} : { address }),
});

/**
 * Throws stage-name-taken if the group has a member of another stage that came before us. A group
 * that cannot be asked is taken for free: then Kafka cannot be reached, or it does not answer this
 * question, and the stage does not depend on it to be right. Only one of two programs would find
 * its output incomplete.
 */
export async function assertNameIsFree(
	log: Log,
	groupId: string,
	own: Identity,
	clock: Clock,
	signal: AbortSignal,
): Promise<void> {
	const deadline = clock.now() + ASK_MAX_MS;
	while (!signal.aborted) {
		const members = await log.groupMembers(groupId).catch(() => []);
		if (members !== undefined) return assertSame(groupId, own, members);
		if (clock.now() >= deadline) return;
		await clock.sleep(ASK_EVERY_MS, signal);
	}
}

/** Where the other programs of the stage answer for their states. */
export async function addressesOf(
	log: Log,
	groupId: string,
	own: Identity,
): Promise<readonly string[]> {
	const members = (await log.groupMembers(groupId)) ?? [];
	const addresses = members
		.map(parse)
		.filter((one) => one !== undefined && key(one) === key(own))
		.map((one) => one?.address)
		.filter((one) => one !== undefined && one !== own.address);
	return [...new Set(addresses as string[])];
}

function assertSame(
	groupId: string,
	own: Identity,
	members: readonly string[],
): void {
	for (const text of members) {
		const other = parse(text);
		if (other === undefined || key(other) === key(own)) continue;
		// Where both came at the same time, one of them has to be the first for both.
		if (
			other.since > own.since ||
			(other.since === own.since && other.owner > own.owner)
		)
			continue;
		throw new StreamsError(
			"stage-name-taken",
			`another program (${other.owner}) runs a stage in the group ${groupId} already: ${show(other)}; this one is ${show(own)}${key(other) === key({ ...own, rest: other.rest }) ? ", with another configuration or changelog" : ""}. Give this stage another name, or stop the other program first`,
		);
	}
}

/** A member of an older version says nothing. */
function parse(text: string): Identity | undefined {
	try {
		return identitySchema.safeParse(JSON.parse(text)).data;
	} catch {
		return undefined;
	}
}

const key = ({ stage, inputs, output, rest }: Identity): string =>
	JSON.stringify([stage, inputs, output, rest]);

const show = ({ stage, inputs, output }: Identity): string =>
	`${stage}, from ${inputs.join(" and ")} to ${output}`;
