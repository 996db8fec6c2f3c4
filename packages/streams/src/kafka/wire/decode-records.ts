/**
 * Decodes the records of a batch (format v2) with one cursor over its bytes. There is no decoder
 * and no 64-bit integer object for each record.
 */

/** The values that kafkajs read from the head of the batch. */
export interface BatchContext {
	firstOffset: string;
	firstTimestamp: string;
	maxTimestamp: string;
	/** 1: the broker's append time is the timestamp of all records. */
	timestampType: number;
	magicByte: number;
	isControlBatch: boolean;
}

type Headers = Record<string, Buffer | null | (Buffer | null)[]>;

const LOG_APPEND_TIME = 1;
const NO_HEADERS: Readonly<Headers> = Object.freeze({});

/**
 * A record with the fields of kafkajs's own messages. `offset` and `timestamp` become text only on
 * access. `offsetNumber` and `timestampNumber` are the same values as numbers, exact below 2^53.
 */
export class BatchRecord {
	readonly batchContext: BatchContext;
	readonly attributes: number;
	readonly timestampNumber: number;
	readonly offsetNumber: number;
	readonly key: Buffer | null;
	readonly value: Buffer | null;
	readonly headers: Readonly<Headers>;

	constructor(
		batchContext: BatchContext,
		attributes: number,
		timestampNumber: number,
		offsetNumber: number,
		key: Buffer | null,
		value: Buffer | null,
		headers: Readonly<Headers>,
	) {
		this.batchContext = batchContext;
		this.attributes = attributes;
		this.timestampNumber = timestampNumber;
		this.offsetNumber = offsetNumber;
		this.key = key;
		this.value = value;
		this.headers = headers;
	}

	get magicByte(): number {
		return this.batchContext.magicByte;
	}

	get isControlRecord(): boolean {
		return this.batchContext.isControlBatch;
	}

	get offset(): string {
		return String(this.offsetNumber);
	}

	get timestamp(): string {
		return String(this.timestampNumber);
	}
}

/**
 * The first `count` records of the (uncompressed) bytes. Throws RangeError if the bytes are not
 * that many whole records. It never reads past the end, and a length in the bytes is never used for
 * an allocation before it is checked.
 */
export function decodeRecords(
	bytes: Buffer,
	count: number,
	context: BatchContext,
): BatchRecord[] {
	const baseOffset = Number(context.firstOffset);
	const baseTimestamp = Number(context.firstTimestamp);
	const appendTime =
		context.timestampType === LOG_APPEND_TIME && context.maxTimestamp
			? Number(context.maxTimestamp)
			: undefined;
	const cursor = new Cursor(bytes);
	const records: BatchRecord[] = [];
	for (let i = 0; i < count; i++) {
		const end = cursor.endOfNext();
		const attributes = cursor.byte();
		const timestampDelta = cursor.integer();
		const offset = baseOffset + cursor.integer();
		const key = cursor.data();
		const value = cursor.data();
		const headers = cursor.headers();
		cursor.moveTo(end);
		const timestamp = appendTime ?? baseTimestamp + timestampDelta;
		records.push(
			new BatchRecord(
				context,
				attributes,
				timestamp,
				offset,
				key,
				value,
				headers,
			),
		);
	}
	return records;
}

class Cursor {
	readonly #bytes: Buffer;
	#at = 0;

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}

	/** Reads the length of a record; returns the offset where the record ends. */
	endOfNext(): number {
		const length = this.integer();
		return this.#end(length);
	}

	/**
	 * Skips fields of a later version, to the end of a record. A record whose fields are longer
	 * than its length is invalid.
	 */
	moveTo(end: number): void {
		if (this.#at > end) throw torn();
		this.#at = end;
	}

	byte(): number {
		if (this.#at >= this.#bytes.length) throw torn();
		return this.#bytes[this.#at++] as number;
	}

	/** Reads a signed integer in zigzag form. */
	integer(): number {
		let low = 0;
		let shift = 0;
		let byte: number;
		do {
			byte = this.byte();
			low |= (byte & 0x7f) << shift;
			shift += 7;
		} while (byte >= 0x80 && shift < 28);
		if (byte < 0x80) return low & 1 ? -((low + 1) / 2) : low >>> 1;
		// The remaining bits do not fit into a 32-bit shift.
		let value = low >>> 0;
		let scale = 2 ** 28;
		do {
			if (scale > 2 ** 63) throw torn();
			byte = this.byte();
			value += (byte & 0x7f) * scale;
			scale *= 128;
		} while (byte >= 0x80);
		return value % 2 === 1 ? -((value + 1) / 2) : value / 2;
	}

	/** Reads bytes with their length in front; null if the length is negative. */
	data(): Buffer | null {
		const length = this.integer();
		if (length < 0) return null;
		const end = this.#end(length);
		const data = this.#bytes.subarray(this.#at, end);
		this.#at = end;
		return data;
	}

	headers(): Readonly<Headers> {
		const count = this.integer();
		if (count <= 0) return NO_HEADERS;
		// No prototype, because a header may have any name.
		const headers: Headers = Object.create(null);
		for (let i = 0; i < count; i++) {
			const name = String(this.data());
			const value = this.data();
			const before = headers[name];
			if (before === undefined) headers[name] = value;
			else if (Array.isArray(before)) before.push(value);
			else headers[name] = [before, value];
		}
		return headers;
	}

	#end(length: number): number {
		const end = this.#at + length;
		if (length < 0 || end > this.#bytes.length) throw torn();
		return end;
	}
}

const torn = () => new RangeError("the record batch ends within a record");
