/** The SQL of a history. */
import type { ColumnType, TableSnapshot } from "@fireworks/lake";
import { RequestRefused } from "../http/request-refused.ts";
import { KEYS_MAX } from "../limits.ts";
import { identifier, literal } from "../relation.ts";
import { KEY_COLUMN } from "./files.ts";
import type { HistoryRequest } from "./request.ts";

const MEASURABLE: ReadonlySet<ColumnType> = new Set([
	"boolean",
	"int",
	"long",
	"float",
	"double",
]);

/** Throws RequestRefused if a measure is not a column of numbers. */
export function checkMeasures(
	snapshot: TableSnapshot,
	measures: readonly string[],
): void {
	const numbers = snapshot.columns
		.filter(({ type }) => MEASURABLE.has(type))
		.map(({ name }) => name);
	for (const measure of measures)
		if (!numbers.includes(measure))
			throw new RequestRefused(
				"bad-request",
				`${JSON.stringify(measure)} is not a measure of ${snapshot.name}: it has ${numbers.join(", ")}`,
			);
}

const microseconds = (ms: number): string =>
	`make_timestamptz(${BigInt(ms) * 1_000n})`;

/** `k IN (...)` or `k IS NULL`, for any of these. */
function anyOf(keys: readonly (string | null)[]): string {
	const texts = keys.filter((key) => key !== null);
	const alternatives = [
		...(texts.length > 0
			? [`${KEY_COLUMN} IN (${texts.map(literal).join(", ")})`]
			: []),
		...(texts.length < keys.length ? [`${KEY_COLUMN} IS NULL`] : []),
	];
	return `(${alternatives.join(" OR ")})`;
}

export class HistoryStatements {
	readonly #request: HistoryRequest;
	readonly #relation: string;
	readonly #time: string;

	constructor(request: HistoryRequest, relation: string, timeColumn: string) {
		this.#request = request;
		this.#relation = relation;
		this.#time = identifier(timeColumn);
	}

	/** Rows: key, number of rows in the time range. By key, at most one more than KEYS_MAX. */
	keys(): string {
		const { keys } = this.#request;
		return `SELECT ${KEY_COLUMN}, count(*)::DOUBLE FROM ${this.#relation}
WHERE ${this.#inRange()}${keys.length > 0 ? ` AND ${anyOf(keys)}` : ""}
GROUP BY ${KEY_COLUMN} ORDER BY ${KEY_COLUMN} NULLS LAST LIMIT ${KEYS_MAX + 1}`;
	}

	/** Rows: key, time in ms, partition, offset, and each measure. By key, then by time. */
	raw(keys: readonly (string | null)[]): string {
		const micros = `epoch_us(${this.#time})`;
		// DuckDB divides towards zero, which is wrong before 1970.
		const ms = `((${micros} - (${micros} % 1000 + 1000) % 1000) // 1000)::DOUBLE`;
		return `SELECT ${KEY_COLUMN}, ${ms}, kafka_partition,
kafka_offset::DOUBLE, ${this.#values("")} FROM ${this.#relation}
WHERE ${this.#inRange()} AND ${anyOf(keys)}
ORDER BY ${KEY_COLUMN} NULLS LAST, ${this.#time}, kafka_partition, kafka_offset`;
	}

	/**
	 * Rows: key, number of the bucket, and for each measure first, last, min, max, count. By key,
	 * then by bucket. Rows of the same time are ordered by partition and offset, so that first and
	 * last are always the same ones.
	 */
	buckets(keys: readonly (string | null)[], bucketMs: number): string {
		const { measures, from } = this.#request;
		const start = BigInt(from) * 1_000n;
		const aggregates = measures.map((_, i) => {
			const v = `v${i}`;
			return `arg_min(${v}, place), arg_max(${v}, place), min(${v}), max(${v}), count(${v})::DOUBLE`;
		});
		return `SELECT k, bucket, ${aggregates.join(", ")} FROM (
SELECT ${KEY_COLUMN} AS k,
((epoch_us(${this.#time}) - ${start}) // ${BigInt(bucketMs) * 1_000n})::INTEGER AS bucket,
epoch_us(${this.#time})::HUGEINT * ${2n ** 64n} + kafka_partition::HUGEINT * ${2n ** 48n} + kafka_offset AS place,
${this.#values("v")} FROM ${this.#relation}
WHERE ${this.#inRange()} AND ${anyOf(keys)})
GROUP BY k, bucket ORDER BY k NULLS LAST, bucket`;
	}

	#inRange(): string {
		const { from, to } = this.#request;
		return `${this.#time} >= ${microseconds(from)} AND ${this.#time} < ${microseconds(to)}`;
	}

	/** The measures as doubles, named prefix0, prefix1 and so on if there is a prefix. */
	#values(prefix: string): string {
		return this.#request.measures
			.map(
				(name, i) =>
					`${identifier(name)}::DOUBLE${prefix === "" ? "" : ` AS ${prefix}${i}`}`,
			)
			.join(", ");
	}
}
