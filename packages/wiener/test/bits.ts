import { readFileSync } from "node:fs";

/** The double's 64 bits in big-endian hex, as in the test vectors. */
export function bitsOf(x: number): string {
	const bytes = Buffer.alloc(8);
	bytes.writeDoubleBE(x);
	return bytes.toString("hex");
}

/** The test vectors that all engines share, in packages/contracts/vectors. */
export function readVectors<T>(name: string): T[] {
	const url = new URL(`../../contracts/vectors/${name}`, import.meta.url);
	return readFileSync(url, "utf8")
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as T);
}
