/** The generated documents as text. A test checks that the files in docs/ are up to date. */
import {
	barrierSchema,
	clientFrameSchema,
	clockPositionSchema,
	deviceStateSchema,
	positionSchema,
	serverFrameSchema,
	streamClientFrameSchema,
	streamFrameSchema,
	streamsFrameSchema,
	tickSchema,
	wienerSchema,
} from "@fireworks/contracts";
import { z } from "zod";

export {
	protocolDocument,
	streamProtocolDocument,
} from "./protocol-document.ts";
export { settingsDocument } from "./settings-document.ts";

/** JSON Schemas of the records and frames, by file name. */
export function schemaFiles(): Map<string, string> {
	const schemas: Record<string, z.ZodType> = {
		"tick.schema.json": tickSchema,
		"wiener-record.schema.json": wienerSchema,
		"processor-changelog-state.schema.json": deviceStateSchema,
		"processor-changelog-position.schema.json": positionSchema,
		"metronome-changelog-position.schema.json": clockPositionSchema,
		"changelog-barrier.schema.json": barrierSchema,
		"websocket-server-frame.schema.json": serverFrameSchema,
		"websocket-client-frame.schema.json": clientFrameSchema,
		"websocket-v2-list-frame.schema.json": streamsFrameSchema,
		"websocket-v2-server-frame.schema.json": streamFrameSchema,
		"websocket-v2-client-frame.schema.json": streamClientFrameSchema,
	};
	return new Map(
		Object.entries(schemas).map(([name, schema]) => [
			name,
			`${JSON.stringify(z.toJSONSchema(schema, { io: "input" }), null, "\t")}\n`,
		]),
	);
}
