/** Is there memory for Kafka and five Node processes? Without it the system kills one of them at random. */
import { freemem } from "node:os";
import { type Finding, ok, warning } from "./finding.ts";

/** Measured: Kafka with its standard heap 250 MB to 500 MB, all Node processes together 400 MB. */
const BYTES_GOOD = 1_200_000_000;

export function judgeMemory(bytesFree: number): Finding {
	const message = `${(bytesFree / 1e6).toFixed(0)} MB available`;
	return bytesFree < BYTES_GOOD
		? warning(
				"memory",
				`only ${message}`,
				"Close other programs, or give Kafka less: FIREWORKS_KAFKA_HEAP_MB=256",
			)
		: ok("memory", message);
}

/** freemem() is MemAvailable on Linux: what can be had without swapping. */
export const checkMemory = (): Finding => judgeMemory(freemem());
