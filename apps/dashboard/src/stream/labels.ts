/** What people call the parts of this stream, and their units: as the server's `hello` tells for a mapped stream, else the words of the Wiener records. */
import type { HelloFrame } from "@fireworks/contracts";

export interface Labels {
	/** Whether the server told any: the stream is somebody's own. */
	told: boolean;
	/** What a line of the picture is. */
	key: string;
	/** Several of them, where a sentence needs it: no grammar is guessed for words that were told. */
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
		told: Object.keys({ ...names, ...units }).length > 0,
		key: names.key ?? "Device",
		keys: names.key ?? "Devices",
		value: names.value ?? "Value",
		valueUnit: units.value,
		increment: names.increment ?? "Increment",
		// A change is measured in what changes.
		incrementUnit: units.increment ?? units.value,
	};
}

export const WIENER_LABELS = labelsOf({});

/** Temperature (°C) */
export const withUnit = (name: string, unit: string | undefined): string =>
	unit ? `${name} (${unit})` : name;
