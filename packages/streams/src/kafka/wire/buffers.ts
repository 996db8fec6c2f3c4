/**
 * Kafka's wire format, the part that our own requests need: big-endian numbers, strings with a
 * length in front, and the "compact" forms of the newer ("flexible") versions. In those a length is
 * a varint plus one, and every structure ends with tagged fields.
 */

/** Writes a request's body. */
export class WireWriter {
	readonly #parts: Buffer[] = [];

	int8(value: number): this {
		return this.#part(1, (part) => part.writeInt8(value));
	}

	int16(value: number): this {
		return this.#part(2, (part) => part.writeInt16BE(value));
	}

	int32(value: number): this {
		return this.#part(4, (part) => part.writeInt32BE(value));
	}

	boolean(value: boolean): this {
		return this.int8(value ? 1 : 0);
	}

	bytes(value: Buffer): this {
		this.#parts.push(value);
		return this;
	}

	string(value: string): this {
		const text = Buffer.from(value);
		return this.int16(text.length).bytes(text);
	}

	compactString(value: string): this {
		const text = Buffer.from(value);
		return this.unsignedVarint(text.length + 1).bytes(text);
	}

	/** Ends a structure in a flexible version, without tagged fields. */
	noTags(): this {
		return this.unsignedVarint(0);
	}

	unsignedVarint(value: number): this {
		let rest = value;
		while (rest >= 0x80) {
			this.#part(1, (part) => part.writeUInt8((rest & 0x7f) | 0x80));
			rest >>>= 7;
		}
		return this.#part(1, (part) => part.writeUInt8(rest));
	}

	get buffer(): Buffer {
		return Buffer.concat(this.#parts);
	}

	#part(size: number, write: (part: Buffer) => void): this {
		const part = Buffer.alloc(size);
		write(part);
		return this.bytes(part);
	}
}

/** Reads a response's body. Throws RangeError if it ends too early. */
export class WireReader {
	readonly #buffer: Buffer;
	#at = 0;

	constructor(buffer: Buffer) {
		this.#buffer = buffer;
	}

	int16(): number {
		return this.bytes(2).readInt16BE();
	}

	int32(): number {
		return this.bytes(4).readInt32BE();
	}

	bytes(length: number): Buffer {
		const end = this.#at + length;
		if (length < 0 || end > this.#buffer.length)
			throw new RangeError("Kafka's response ends too early");
		const bytes = this.#buffer.subarray(this.#at, end);
		this.#at = end;
		return bytes;
	}

	nullableString(): string | null {
		const length = this.int16();
		return length < 0 ? null : this.bytes(length).toString();
	}

	compactString(): string | null {
		const length = this.unsignedVarint() - 1;
		return length < 0 ? null : this.bytes(length).toString();
	}

	array<T>(read: () => T): T[] {
		return this.#items(this.int32(), read);
	}

	compactArray<T>(read: () => T): T[] {
		return this.#items(this.unsignedVarint() - 1, read);
	}

	/** Skips tagged fields, which hold what a newer broker adds. */
	tags(): void {
		for (let left = this.unsignedVarint(); left > 0; left--) {
			this.unsignedVarint();
			this.bytes(this.unsignedVarint());
		}
	}

	unsignedVarint(): number {
		let value = 0;
		for (let shift = 0; shift < 35; shift += 7) {
			const byte = this.bytes(1).readUInt8();
			value += (byte & 0x7f) * 2 ** shift;
			if (byte < 0x80) return value;
		}
		throw new RangeError("a length in Kafka's response is longer than 5 bytes");
	}

	#items<T>(count: number, read: () => T): T[] {
		const items: T[] = [];
		for (let i = 0; i < count; i++) items.push(read());
		return items;
	}
}
