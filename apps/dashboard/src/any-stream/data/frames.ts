/** What the page takes from the frames of `fireworks.v2`. */
import type {
	ShownStream,
	StreamBatchFrame,
	StreamKey,
	StreamSnapshotFrame,
} from "@fireworks/contracts";

export type { ShownStream };
export type ShownKey = StreamKey;
export type StreamEvents = Pick<
	StreamSnapshotFrame | StreamBatchFrame,
	"type" | "columns"
>;
