/** `up --compare python`: the TypeScript and the Python engine on the same ticks, side by side on the page, which holds one against the other. */
import { encodeWiener, partitionOf } from "@fireworks/contracts";
import { describe, expect, test } from "vitest";
import { withoutPython } from "../harness/python.ts";
import { testLog } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { seriousFindings } from "./axe.ts";
import { withPage } from "./with-page.ts";

describe.skipIf(withoutPython)(`two engines ${withoutPython ?? ""}`, () => {
	const open = withPage({
		FIREWORKS_COMPARE_ENGINE: "python",
		FIREWORKS_COMPARE_PROCESSOR_PORT: "0",
		FIREWORKS_COMPARE_MIDDLEWARE_PORT: "0",
	});

	const verdict = () =>
		open.page.$eval(".engines-numbers .verdict", (element) => ({
			verdict: element.getAttribute("data-verdict"),
			compared: Number(element.getAttribute("data-compared")),
			different: Number(element.getAttribute("data-different")),
		}));

	/** The two cells of a row of the numbers. */
	const row = async (name: string): Promise<string[]> => {
		const cells = await open.page.$$eval(".engines-numbers tr", (rows) =>
			rows.map((one) =>
				[...one.children].map((cell) => cell.textContent ?? ""),
			),
		);
		return cells.find(([head]) => head === name)?.slice(1) ?? [];
	};

	interface Picture {
		caption: string;
		x: [number, number];
		y: number[];
		colours: string[];
		/** The values of each line, by event time. */
		lines: [number, number][][];
		left: number;
		top: number;
	}

	const pictures = (): Promise<Picture[]> =>
		open.page.$$eval(".engine", (figures) =>
			figures.map((figure) => {
				// biome-ignore lint/suspicious/noExplicitAny: Plotly's element in the browser
				const plot = figure.querySelector(".js-plotly-plot") as any;
				const traces = plot.data.slice(0, -1);
				const { left, top } = figure.getBoundingClientRect();
				return {
					caption: figure.querySelector("figcaption")?.textContent ?? "",
					x: plot.layout.xaxis.range,
					y: [...plot.layout.yaxis.range],
					// biome-ignore lint/suspicious/noExplicitAny: a trace
					colours: traces.map((trace: any) => trace.line.color),
					// biome-ignore lint/suspicious/noExplicitAny: a trace
					lines: traces.map((trace: any) =>
						Array.from(trace.x, (x, i) => [x, trace.y[i]]),
					),
					left,
					top,
				};
			}),
		);

	test("the five parts come first in the status, then the second engine's two", async () => {
		const parts = await open.system.parts();
		expect(parts.map(({ name, state }) => [name, state])).toEqual(
			[
				"kafka",
				"metronome",
				"processor",
				"middleware",
				"dashboard",
				"processor-python",
				"middleware-python",
			].map((name) => [name, "running"]),
		);
	});

	test("both say the same, to the bit", async () => {
		await open.page.click(".segments label:has-text('Engines')");
		const { different } = await waitFor(
			"a hundred records of both",
			async () => {
				const now = await verdict();
				return now.compared >= 100 && now;
			},
		);
		expect(different).toBe(0);
		expect((await verdict()).verdict).toBe("agrees");
		expect(await row("Engine")).toEqual(["typescript", "python"]);
		expect(await row("Connection")).toEqual(["Connected", "Connected"]);
		for (const name of ["Tick to here, p50", "Tick to here, p99"])
			for (const cell of await row(name))
				expect(cell, name).toMatch(/^\d+ ms$/);
		for (const cell of await row("Events a second"))
			expect(Number(cell)).toBeGreaterThan(1);
	});

	test("the pictures have the same axes, colours and values", async () => {
		const [ours, its] = await waitFor("both pictures", async () => {
			const both = await pictures();
			const [one, other] = both;
			return (
				one &&
				other &&
				one.lines[0]?.length === other.lines[0]?.length &&
				String(one.y) === String(other.y) &&
				(both as [Picture, Picture])
			);
		});
		expect([ours.caption, its.caption]).toEqual(["typescript", "python"]);
		expect(its.colours).toEqual(ours.colours);
		expect(ours.colours).toHaveLength(5);
		// Each is laid out anew when a tick of time comes in, and slides on in between.
		const width = ({ x }: Picture) => x[1] - x[0];
		expect(width(its)).toBeCloseTo(width(ours));
		expect(its.left).toBeGreaterThan(ours.left);
		expect(its.top).toBe(ours.top);
		for (const [i, line] of ours.lines.entries()) {
			const known = new Map(line);
			const both = its.lines[i]?.filter(([time]) => known.has(time)) ?? [];
			expect(both.length).toBeGreaterThan(5);
			for (const [time, value] of both) expect(value).toBe(known.get(time));
		}
	});

	test("axe finds nothing serious, in light and dark; on a phone one is above the other", async () => {
		const { page } = open;
		for (const colorScheme of ["dark", "light"] as const) {
			await page.emulateMedia({ colorScheme });
			expect(await seriousFindings(page), colorScheme).toEqual([]);
		}
		await page.setViewportSize({ width: 390, height: 844 });
		await waitFor("them to move", async () => {
			const [ours, its] = await pictures();
			return ours && its && its.left === ours.left && its.top > ours.top;
		});
		expect(
			await page.evaluate(
				"document.documentElement.scrollWidth <= document.documentElement.clientWidth",
			),
		).toBe(true);
		await page.setViewportSize({ width: 1_280, height: 800 });
	});

	test("an engine that is held up falls behind, and catches up", async () => {
		const { pid } = await open.system.part("processor-python");
		const before = await verdict();
		process.kill(pid as number, "SIGSTOP");
		await waitFor("it to fall behind", async () => {
			const [ours, its] = await row("Ticks behind");
			return ours === "0" && Number(its) >= 3;
		});
		process.kill(pid as number, "SIGCONT");
		const after = await waitFor("it to catch up", async () => {
			const now = await verdict();
			const level = (await row("Ticks behind")).join() === "0,0";
			return level && now.compared >= before.compared + 20 && now;
		});
		expect(after).toMatchObject({ verdict: "agrees", different: 0 });
	});

	test("the audit is clean for either's topics", async () => {
		for (const words of [["audit"], ["audit", "--compare"]]) {
			const { code, stdout } = await open.system.command(...words, "--json");
			expect(JSON.parse(stdout), words.join(" ")).toMatchObject({
				result: "clean",
			});
			expect(code).toBe(0);
		}
	});

	test("nothing was complained about", () => {
		expect(open.complaints).toEqual([]);
	});

	test("a record that differs in its last bit is found and named", async () => {
		const planted = { seq: 1, timestamp: Date.now(), dt: 0, increment: 0 };
		const outgoing = (value: number) => ({
			partition: partitionOf(Buffer.from("stranger"), 4),
			key: Buffer.from("stranger"),
			value: Buffer.from(
				encodeWiener('"stranger"', {
					...{ ...planted, value, drift: 0, volatility: 1 },
				}),
			),
			timestamp: planted.timestamp,
		});
		const other = 0.5 + Number.EPSILON / 2;
		const log = testLog(open.system.brokers);
		const producer = log.transactionalProducer("planted", 10_000);
		await producer.transact(
			new Map([
				["wiener", [outgoing(0.5)]],
				["wiener-python", [outgoing(other)]],
			]),
		);
		await producer.close();
		await log.close();
		const found = await waitFor("it to be found", async () => {
			const now = await verdict();
			return now.different > 0 && now;
		});
		expect(found).toMatchObject({ verdict: "differs", different: 1 });
		expect(await open.page.textContent(".difference")).toBe(
			`First: stranger, seq 1, value: typescript 0.5, python ${other}`,
		);
	});
});
