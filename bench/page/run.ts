/**
 * Measures the page in Chromium: draws by size compared with uPlot and plain Plotly, an event's way
 * to the screen, memory, loading.
 *
 *     pnpm bench:page [--seconds 30] [--minutes 15] [--only drawing,latency,heap,loading]
 *                     [--devices 1000]
 *
 * Needs a build (`pnpm build`). Prints Markdown; the exit code is 1 if a target is missed.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { launchBrowser } from "../../tests/harness/browser.ts";
import { DRAWING_HEAD, measureDrawing, SCENES } from "./drawing.ts";
import { measureHeap } from "./heap.ts";
import { measureLatency } from "./latency.ts";
import { head } from "./statistics.ts";

const PARTS = ["drawing", "latency", "heap"] as const;

const { values } = parseArgs({
	options: {
		seconds: { type: "string", default: "30" },
		minutes: { type: "string", default: "15" },
		devices: { type: "string", default: "1000" },
		only: { type: "string", default: PARTS.join(",") },
	},
});
const wanted = new Set(values.only.split(","));
const browser = await launchBrowser();
let met = true;
try {
	console.log(
		`${cpus().length} cores, ${cpus()[0]?.model}; Chromium ${browser.version()}, headless, without a GPU; Node ${process.version}\n`,
	);
	if (wanted.has("drawing")) {
		console.log(head(...DRAWING_HEAD));
		for (const scene of SCENES) {
			const measured = await measureDrawing(
				browser,
				scene,
				Number(values.seconds),
			);
			console.log(measured.rows.join("\n"));
			met &&= measured.met;
		}
		console.log("");
	}
	if (wanted.has("latency"))
		met = (await measureLatency(browser, Number(values.devices))) && met;
	if (wanted.has("heap"))
		met = (await measureHeap(browser, Number(values.minutes))) && met;
} finally {
	await browser.close();
}
process.exitCode = met ? 0 : 1;
