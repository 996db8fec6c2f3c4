/** A real Chromium: the one that the test command found or installed. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const PLACES = [
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
];

/** extra: further arguments. */
export async function launchBrowser(
	extra: readonly string[] = [],
): Promise<Browser> {
	const executablePath =
		process.env.CHROMIUM || PLACES.find((path) => existsSync(path));
	if (executablePath === undefined)
		throw new Error(
			"no Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM to its path",
		);
	return chromium.launch({
		executablePath,
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
			...extra,
		],
	});
}

/** Collects everything that a page complains about, from now on. */
export function complaintsOf(page: Page): string[] {
	const complaints: string[] = [];
	page.on("console", (message) => {
		if (message.type() === "error" || message.type() === "warning")
			complaints.push(message.text());
	});
	page.on("pageerror", (error) => complaints.push(String(error)));
	return complaints;
}
