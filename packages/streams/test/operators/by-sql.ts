/**
 * What windows and joins give for the records of the table `events`, by plain SQL. Its columns: id,
 * the order in which they came; p, the partition; key; ts, the event time; amount or topic.
 */
import type { Sql } from "./sql.ts";

/** The clock of a record's partition when it came. */
const CLOCKED =
	"clocked as (select *, max(ts) over (partition by p order by id) as clock from events)";

export const inOrder = (lines: unknown[][]): string[] =>
	lines.map((line) => line.map((cell) => cell ?? "null").join(" ")).sort();

/** Every window of every record, and whether it was open when the record came. */
const placed = (size: number, advance: number, graceMs: number) => `
	with ${CLOCKED},
	placed as (
		select *, ts - ((ts % ${advance}) + ${advance}) % ${advance} - j * ${advance} as start
		from clocked, range(0, ${Math.ceil(size / advance)}) as steps(j)
	)
	select *, start + ${size} as ends, start + ${size} + ${graceMs} > clock as open
	from placed where ts < start + ${size}`;

/** Windows: key, start, end, count, sum. Late records: id, number of windows missed. */
export async function windowsBySql(
	sql: Sql,
	size: number,
	advance: number,
	graceMs: number,
): Promise<{ results: string[]; late: string[] }> {
	const from = placed(size, advance, graceMs);
	return {
		results: inOrder(
			await sql.rows(
				`select key, start, ends, count(*), sum(amount)::bigint
				from (${from}) where open group by key, start, ends`,
			),
		),
		late: inOrder(
			await sql.rows(
				`select id, count(*) from (${from}) where not open group by id`,
			),
		),
	};
}

/**
 * Sessions of the records that were not late: key, start, end, count, sum. wrongly: the late ones
 * that were within the grace.
 */
export async function sessionsBySql(
	sql: Sql,
	gapMs: number,
	graceMs: number,
	late: readonly number[],
): Promise<{ results: string[]; wrongly: unknown[][] }> {
	await sql.load(
		"late",
		{ id: "BIGINT" },
		late.map((id) => [id]),
	);
	const wrongly = await sql.rows(
		`with ${CLOCKED} select id from clocked
		where id in (select id from late) and ts >= clock - ${graceMs}`,
	);
	const results = await sql.rows(`
		with taken as (select * from events where id not in (select id from late)),
		marked as (
			select *, case when ts - lag(ts) over w < ${gapMs} then 0 else 1 end as fresh
			from taken window w as (partition by key order by ts, id)
		),
		numbered as (
			select *, sum(fresh) over (partition by key order by ts, id) as session
			from marked
		)
		select key, min(ts), max(ts) + ${gapMs}, count(*), sum(amount)::bigint
		from numbered group by key, session`);
	return { results: inOrder(results), wrongly };
}

/** The pairs of a join of streams: ids of left and right. Late records: id. */
export async function pairsBySql(
	sql: Sql,
	type: "inner" | "left",
	{ before, after }: { before: number; after: number },
	graceMs: number,
): Promise<{ pairs: string[]; late: string[] }> {
	const pairs = await sql.rows(`
		with ${CLOCKED},
		taken as (select * from clocked where ts >= clock - ${graceMs})
		select l.id, r.id
		from (select * from taken where topic = 'left') l
		${type} join (select * from taken where topic = 'right') r
		on l.key = r.key and r.ts between l.ts - ${before} and l.ts + ${after}`);
	const late = await sql.rows(
		`with ${CLOCKED} select id from clocked where ts < clock - ${graceMs}`,
	);
	return { pairs: inOrder(pairs), late: inOrder(late) };
}
