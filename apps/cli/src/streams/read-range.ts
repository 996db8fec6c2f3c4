/** Reads what lies between two offsets of some partitions, once. */
import type { LogRecord } from "@fireworks/streams";
import type { LogAdmin } from "@fireworks/streams/admin";
import { CLI_EXIT, CliError } from "../exit-codes.ts";

/** From this offset up to, but not including, `end`. */
export interface Range {
	readonly topic: string;
	readonly partition: number;
	readonly from: number;
	readonly end: number;
}

const WAIT_MS = 250;
/** The end was there when it was asked for; a broker that does not get there is broken. */
const STALL_MAX_MS = 15_000;

/**
 * The committed records, in order within each partition. The partitions may belong to several
 * topics. The end must be one that `offsets` has reported.
 */
export async function* readRanges(
	admin: Pick<LogAdmin, "fetch">,
	ranges: readonly Range[],
): AsyncGenerator<readonly LogRecord[]> {
	let open = ranges
		.filter(({ from, end }) => from < end)
		.map((range) => ({ ...range, offset: range.from }));
	let moved = performance.now();
	while (open.length > 0) {
		const found = await fetched(admin, open);
		for (const place of open) {
			const answer = found.find(
				({ topic, partition }) =>
					topic === place.topic && partition === place.partition,
			);
			if (answer === undefined || answer.nextOffset <= place.offset) continue;
			moved = performance.now();
			place.offset = answer.nextOffset;
			const records = answer.records.filter(({ offset }) => offset < place.end);
			if (records.length > 0) yield records;
		}
		open = open.filter(({ offset, end }) => offset < end);
		const [stuck] = open;
		if (stuck !== undefined && performance.now() - moved > STALL_MAX_MS)
			throw new CliError(
				CLI_EXIT.failure,
				`${stuck.topic}/${stuck.partition} could not be read on from offset ${stuck.offset} to ${stuck.end}: try again`,
			);
	}
}

async function fetched(
	admin: Pick<LogAdmin, "fetch">,
	open: readonly { topic: string; partition: number; offset: number }[],
) {
	try {
		return await admin.fetch(open, WAIT_MS);
	} catch (error) {
		if ((error as { type?: string }).type !== "OFFSET_OUT_OF_RANGE")
			throw error;
		throw new CliError(
			CLI_EXIT.failure,
			`Retention removed records of ${[...new Set(open.map(({ topic }) => topic))].join(", ")} while they were read: try again`,
			{ cause: error },
		);
	}
}

/** All that a topic holds now. */
export async function wholeTopic(
	admin: LogAdmin,
	topic: string,
): Promise<readonly Range[]> {
	const ranges = (await admin.offsets(topic)) ?? [];
	return ranges.map(({ partition, low, high }) => ({
		topic,
		partition,
		from: low,
		end: high,
	}));
}
