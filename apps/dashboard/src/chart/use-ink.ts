/**
 * The page's colours in the form that Plotly needs. They are read from the style sheet, and again
 * when the system switches between dark and light.
 */
import { useEffect, useState } from "react";
import type { Ink } from "./layout.ts";

function readInk(dark: boolean): Ink {
	const style = getComputedStyle(document.documentElement);
	const of = (name: string) => style.getPropertyValue(name).trim();
	return {
		theme: dark ? "dark" : "light",
		text: of("--text-2"),
		grid: of("--grid"),
		font: of("--font"),
		ground: of("--panel"),
		accent: of("--accent"),
		theory: of("--theory"),
	};
}

export function useInk(): Ink | undefined {
	const [ink, setInk] = useState<Ink>();
	useEffect(() => {
		const query = matchMedia("(prefers-color-scheme: dark)");
		const read = () => setInk(readInk(query.matches));
		read();
		query.addEventListener("change", read);
		return () => query.removeEventListener("change", read);
	}, []);
	return ink;
}
