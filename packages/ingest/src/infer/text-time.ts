/** Times as files have them: ISO 8601, or day, month and year in some order. */
import { TimeRefused, timeReader, wallTime } from "@fireworks/pipeline";

export const DATE_ORDERS = ["dmy", "mdy", "ymd"] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

export type TextTime =
	| { readonly kind: "iso" }
	/** undefined: the values do not say which number is the day. */
	| { readonly kind: "ordered"; readonly order: DateOrder | undefined };

/** 03/04/2021, 3.4.2021 18.00.00, 2021/04/03 6:00 PM */
export const ORDERED_DATE =
	/^(?=\d{4}[./-]|\d{1,2}[./-]\d{1,2}[./-]\d{4})(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T,]+(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,](\d{1,9}))?)?(?: ?([AaPp])\.?[Mm]\.?)?)?$/;

/** The order that the values can have; undefined if several are possible, or none. */
export function dateOrderOf(texts: readonly string[]): DateOrder | undefined {
	const possible = new Set<DateOrder>(DATE_ORDERS);
	for (const text of texts) {
		const m = ORDERED_DATE.exec(text);
		if (m === null) continue;
		const [a = "", b = "", c = ""] = m.slice(1);
		if (a.length === 4)
			for (const one of ["dmy", "mdy"] as const) possible.delete(one);
		else possible.delete("ymd");
		if (c.length !== 4)
			for (const one of ["dmy", "mdy"] as const) possible.delete(one);
		if (Number(a) > 12) possible.delete("mdy");
		if (Number(b) > 12) {
			possible.delete("dmy");
			possible.delete("ymd");
		}
	}
	return possible.size === 1 ? [...possible][0] : undefined;
}

/** How local times become instants. */
export interface ZoneRule {
	readonly zone: string;
	readonly fold?: "refuse" | "earlier" | "later" | undefined;
	readonly gap?: "refuse" | "shift" | undefined;
}

/** Makes the function that reads a text as ms since 1970; it throws TimeRefused. */
export function textTimeReader(
	format: TextTime,
	toInstant: (wallMs: number) => number,
	rule: ZoneRule,
): (text: string) => number {
	if (format.kind === "iso") {
		const { zone, fold = "refuse", gap = "refuse" } = rule;
		const read = timeReader({ path: "", zone, fold, gap });
		return (text) => read(text.trim());
	}
	const { order = "dmy" } = format;
	const at = {
		y: order.indexOf("y"),
		m: order.indexOf("m"),
		d: order.indexOf("d"),
	};
	return (text) => {
		const match = ORDERED_DATE.exec(text.trim());
		const part = (i: number) => Number(match?.[i] ?? 0);
		const half = match?.[8]?.toLowerCase();
		const hour = part(4);
		const wall =
			match === null ||
			(match[1 + at.y] as string).length !== 4 ||
			(half && (hour < 1 || hour > 12))
				? undefined
				: wallTime(
						part(1 + at.y),
						part(1 + at.m),
						part(1 + at.d),
						half ? (hour % 12) + (half === "p" ? 12 : 0) : hour,
						part(5),
						part(6),
					);
		if (wall === undefined)
			throw new TimeRefused(
				"bad-time",
				`${JSON.stringify(text)} is not a date and time in the order ${order}`,
			);
		const fraction = (match?.[7] ?? "").slice(0, 3).padEnd(3, "0");
		return toInstant(wall + Number(fraction));
	};
}
