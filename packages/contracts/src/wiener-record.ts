/** A record of the topic `wiener`: one step of a device's path. */
import { z } from "zod";

const finite = z.number();
export const wienerSchema = z.object({
	deviceId: z.string().min(1),
	seq: z.int().min(0),
	timestamp: z.int().min(0).max(8.64e15).describe("event time, ms since 1970"),
	dt: finite
		.min(0)
		.describe("seconds since the device's last record; 0 at its first"),
	increment: finite.describe("drift * dt + volatility * sqrt(dt) * z"),
	value: finite.describe("sum of the increments"),
	drift: finite.describe("1/s"),
	volatility: finite.min(0).describe("1/sqrt(s)"),
});
export type WienerRecord = z.infer<typeof wienerSchema>;

/** A finite double as JSON. -0 becomes 0, which the contract treats as equal. */
const num = (x: number): string => `${x}`;

/**
 * The record as JSON text. keyJson: JSON.stringify(deviceId), which a stage keeps for each device.
 * Escaping the id again for each record would cost as much as writing all the numbers.
 */
export const encodeWiener = (
	keyJson: string,
	r: Omit<WienerRecord, "deviceId">,
): string =>
	`{"deviceId":${keyJson},"seq":${num(r.seq)},"timestamp":${num(r.timestamp)},"dt":${num(r.dt)},"increment":${num(r.increment)},"value":${num(r.value)},"drift":${num(r.drift)},"volatility":${num(r.volatility)}}`;

/** Parses a value of `wiener`. Returns undefined if it is not a Wiener record. */
export function parseWiener(value: Buffer | null): WienerRecord | undefined {
	if (value === null) return undefined;
	try {
		return wienerSchema.safeParse(JSON.parse(value.toString("utf8"))).data;
	} catch {
		return undefined;
	}
}
