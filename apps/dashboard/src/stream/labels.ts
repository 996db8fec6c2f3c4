/**
 * The names of this stream's fields, and their units: from the server's `hello` for a mapped
 * stream, otherwise those of the Wiener records.
 */
import type { HelloFrame } from "@fireworks/contracts";

export interface Labels {
	/** Whether the server sent names or units: then the stream is the user's own. */
	named: boolean;
	/** What one line of the picture stands for, e.g. a device. */
	key: string;
	/**
	 * The plural, for sentences. A name from the server is used unchanged, since its plural is
	 * unknown.
	 */
	keys: string;
	value: string;
	valueUnit: string | undefined;
	increment: string;
	incrementUnit: string | undefined;
}

export function labelsOf({
	names = {},
	units = {},
}: Pick<HelloFrame, "names" | "units">): Labels {
	return {
		named: Object.keys({ ...names, ...units }).length > 0,
		key: names.key ?? "Device",
		keys: names.key ?? "Devices",
		value: names.value ?? "Value",
		valueUnit: units.value,
		increment: names.increment ?? "Increment",
		// An increment has the unit of the value by default.
		incrementUnit: units.increment ?? units.value,
	};
}

export const WIENER_LABELS = labelsOf({});

/** Temperature (°C) */
export const withUnit = (name: string, unit: string | undefined): string =>
	unit ? `${name} (${unit})` : name;
