/** The stages of the pipeline. */
import { joinTable } from "@fireworks/streams";
import { alerts, devices, readings } from "./streams.ts";

/** An alert for each temperature above the device's limit. */
export const alertsStage = joinTable({
	name: "example-alerts",
	input: readings,
	table: devices,
	output: alerts,
	join: ({ value: { device, at, temperature } }, row) =>
		row === undefined || temperature === null || temperature <= row.limit
			? undefined
			: { device, at, room: row.room, temperature },
});
