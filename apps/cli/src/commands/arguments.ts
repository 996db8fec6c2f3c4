/** Parsers of options' values. */
import { InvalidArgumentError } from "commander";

export function collect(value: string, before: readonly string[]): string[] {
	return [...before, value];
}

export function seconds(text: string): number {
	const value = Number(text);
	if (!(value > 0 && value <= 86_400))
		throw new InvalidArgumentError(
			"It must be a number of seconds, above 0 and at most 86400.",
		);
	return value;
}

export function count(text: string): number {
	if (!/^\d{1,7}$/.test(text))
		throw new InvalidArgumentError("It must be a whole number of lines.");
	return Number(text);
}
