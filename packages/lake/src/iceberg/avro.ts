/** Avro container files, in which Iceberg keeps manifests. Its long is a bigint here. */
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import avro, { type Schema, type Type } from "avsc";

const long = avro.types.LongType.__with({
	fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
	toBuffer: (value: bigint) => {
		const bytes = Buffer.alloc(8);
		bytes.writeBigInt64LE(value);
		return bytes;
	},
	fromJSON: BigInt,
	toJSON: Number,
	isValid: (value: unknown) => typeof value === "bigint",
	compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

const typeHook = (schema: Schema): Type | undefined =>
	schema === "long" ||
	(typeof schema === "object" && "type" in schema && schema.type === "long")
		? long
		: undefined;

const typeOf = (schema: Schema): Type =>
	avro.Type.forSchema(schema, {
		typeHook: typeHook as never,
		registry: {},
		wrapUnions: "never" as never,
	});

const inflate = promisify<Buffer, Buffer>(inflateRaw);
const deflate = promisify<Buffer, Buffer>(deflateRaw);

const codec =
	(run: (bytes: Buffer) => Promise<Buffer>) =>
	(bytes: Buffer, done: (error: Error | null, result?: Buffer) => void) => {
		run(bytes).then(
			(result) => done(null, result),
			(error) => done(error),
		);
	};

/** The records of a file, read with the schema that the file itself brings. */
export const readAvro = (file: Buffer): Promise<unknown[]> =>
	new Promise((resolve, reject) => {
		const records: unknown[] = [];
		const decoder = new avro.streams.BlockDecoder({
			parseHook: typeOf,
			codecs: {
				null: (bytes, done) => done(null as never, bytes),
				deflate: codec(inflate) as never,
			},
		});
		decoder
			.on("data", (record) => records.push(record))
			.on("end", () => resolve(records))
			.on("error", reject);
		decoder.end(file);
	});

/** properties: Iceberg's own, in the head of the file. */
export const writeAvro = (
	schema: Schema,
	records: readonly unknown[],
	properties: Record<string, string>,
): Promise<Buffer> =>
	new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		const encoder = new avro.streams.BlockEncoder(typeOf(schema), {
			codec: "deflate",
			codecs: { deflate: codec(deflate) as never },
			metadata: Object.fromEntries(
				// Avro's own idea of the schema would lose Iceberg's field ids.
				[
					["avro.schema", JSON.stringify(schema)],
					...Object.entries(properties),
				].map(([key, value]) => [key, Buffer.from(value as string)]),
			),
		} as never);
		encoder
			.on("data", (chunk) => chunks.push(chunk))
			.on("end", () => resolve(Buffer.concat(chunks)))
			.on("error", reject);
		for (const record of records) encoder.write(record);
		encoder.end();
	});
