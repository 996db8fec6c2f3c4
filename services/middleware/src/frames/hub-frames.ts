/** The frames that the two protocols write differently, apart from columns. */
import {
	type HelloFrame,
	PROTOCOL,
	type ShownStream,
	STREAM_PROTOCOL,
} from "@fireworks/contracts";
import type { DeviceTable } from "../queue/device-table.ts";
import type { KeyTable } from "../queue/key-table.ts";
import { listFrames, smallFrame } from "./small-frames.ts";

/** What a hello says of the stream's state now, in both protocols. */
interface HelloNow {
	serverTime: number;
	/** Devices, or keys, known now. */
	count: number;
	oldest: string;
	newest: string;
}

export interface HubFrames {
	hello(now: HelloNow): Buffer;
	/** The frames that announce the devices, or keys, to a client with the table at `version`. */
	announce(version: number): readonly Buffer[];
}

/** Of `fireworks.v1`. hello: what never changes in it. */
export const deviceFrames = (
	table: DeviceTable,
	hello: Pick<HelloFrame, "engine" | "batchMs" | "pingMs" | "names" | "units">,
): HubFrames => ({
	hello: ({ serverTime, count, oldest, newest }) =>
		smallFrame({
			type: "hello",
			protocol: PROTOCOL,
			serverTime,
			...hello,
			deviceCount: count,
			oldest,
			newest,
		}),
	announce: (version) =>
		listFrames(
			"devices",
			table
				.changedSince(version)
				.map(({ index, deviceId, drift, volatility }) => ({
					index,
					deviceId,
					drift,
					volatility,
				})),
		),
});

/** Of `fireworks.v2`. */
export const keyFrames = (
	table: KeyTable,
	hello: { stream: ShownStream; batchMs: number; pingMs: number },
): HubFrames => ({
	hello: ({ serverTime, count, oldest, newest }) =>
		smallFrame({
			type: "hello",
			protocol: STREAM_PROTOCOL,
			serverTime,
			...hello,
			keyCount: count,
			oldest,
			newest,
		}),
	announce: (version) => listFrames("keys", table.changedSince(version)),
});
