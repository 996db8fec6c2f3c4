/**
 * `up --compare python`: the TypeScript and the Python engine on the same ticks, next to each other
 * on the page, which compares them. The differing record is planted into a separate system, because
 * it would show up in every other test.
 */
import { encodeWiener, partitionOf } from "@fireworks/contracts";
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";
import { withoutPython } from "../harness/python.ts";
import { testLog } from "../harness/stream.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { seriousFindings } from "./axe.ts";
import { withPage } from "./with-page.ts";

const COMPARED = {
	FIREWORKS_COMPARE_ENGINE: "python",
	FIREWORKS_COMPARE_PROCESSOR_PORT: "0",
	FIREWORKS_COMPARE_MIDDLEWARE_PORT: "0",
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

const verdict = (page: Page) =>
	page.$eval(".engines-numbers .verdict", (element) => ({
		verdict: element.getAttribute("data-verdict"),
		compared: Number(element.getAttribute("data-compared")),
		different: Number(element.getAttribute("data-different")),
	}));

/** The two cells of a row in the table of numbers. */
async function row(page: Page, name: string): Promise<string[]> {
	const cells = await page.$$eval(".engines-numbers tr", (rows) =>
		rows.map((one) => [...one.children].map((cell) => cell.textContent ?? "")),
	);
	return cells.find(([head]) => head === name)?.slice(1) ?? [];
}

const pictures = (page: Page): Promise<Picture[]> =>
	page.$$eval(".engine", (figures) =>
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

/** Opens the view of both engines and waits until both have been compared. */
async function showEngines(page: Page): Promise<void> {
	await page.click(".segments label:has-text('Engines')");
	await page.waitForSelector(".engines-numbers .verdict");
	await waitForValue(
		"a hundred records of both",
		() => verdict(page),
		({ compared }) => compared >= 100,
	);
	await waitForValue(
		"both pictures",
		() => pictures(page),
		(both) => both.length === 2,
	);
}

const isDelay = (cell: string) => /^\d+ ms$/.test(cell);

describe.skipIf(withoutPython)(`two engines ${withoutPython ?? ""}`, () => {
	const open = withPage(COMPARED);
	beforeEach(() => showEngines(open.page));

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

	test("both engines have the same values, to the last bit", async () => {
		const { page } = open;
		expect(await verdict(page)).toMatchObject({
			verdict: "agrees",
			different: 0,
		});
		expect(await row(page, "Engine")).toEqual(["typescript", "python"]);
		expect(await row(page, "Connection")).toEqual(["Connected", "Connected"]);
		for (const name of ["Tick to here, p50", "Tick to here, p99"])
			await waitForValue(
				`${name} of both`,
				() => row(page, name),
				(cells) => cells.length === 2 && cells.every(isDelay),
			);
		await waitForValue(
			"events of both",
			() => row(page, "Events a second"),
			(cells) => cells.length === 2 && cells.every((cell) => Number(cell) > 1),
		);
	});

	test("the pictures have the same axes, colours and values", async () => {
		const [ours, its] = (await waitForValue(
			"both pictures with the same lines and values",
			() => pictures(open.page),
			([one, other]) =>
				one !== undefined &&
				other !== undefined &&
				one.lines.length === 5 &&
				one.lines[0]?.length === other.lines[0]?.length &&
				String(one.y) === String(other.y),
		)) as [Picture, Picture];
		expect([ours.caption, its.caption]).toEqual(["typescript", "python"]);
		expect(its.colours).toEqual(ours.colours);
		expect(ours.colours).toHaveLength(5);
		// Each chart is laid out again when an axis tick comes in, and only slides between those
		// moments.
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
		await waitForValue(
			"one above the other",
			() => pictures(page),
			([ours, its]) =>
				ours !== undefined &&
				its !== undefined &&
				its.left === ours.left &&
				its.top > ours.top,
		);
		expect(
			await page.evaluate(
				"document.documentElement.scrollWidth <= document.documentElement.clientWidth",
			),
		).toBe(true);
	});

	test("an engine that is held up falls behind, and catches up", async () => {
		const { page, system } = open;
		const { pid } = await system.part("processor-python");
		const behind = () => row(page, "Ticks behind");
		const before = await verdict(page);
		process.kill(pid as number, "SIGSTOP");
		try {
			await waitForValue(
				"it to fall behind",
				behind,
				([ours, its]) => ours === "0" && Number(its) >= 3,
			);
		} finally {
			process.kill(pid as number, "SIGCONT");
		}
		await waitForValue(
			"twenty more records of both",
			() => verdict(page),
			({ compared }) => compared >= before.compared + 20,
		);
		await waitForValue(
			"it to catch up",
			behind,
			(ticks) => ticks.join() === "0,0",
		);
		expect(await verdict(page)).toMatchObject({
			verdict: "agrees",
			different: 0,
		});
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
});

describe.skipIf(withoutPython)(
	`two engines that differ ${withoutPython ?? ""}`,
	() => {
		const open = withPage(COMPARED);

		test("a record that differs in its last bit is found and named", async () => {
			const { page, system } = open;
			await showEngines(page);
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
			const log = testLog(system.brokers);
			const producer = log.transactionalProducer("planted", 10_000);
			await producer.transact(
				new Map([
					["wiener", [outgoing(0.5)]],
					["wiener-python", [outgoing(other)]],
				]),
			);
			await producer.close();
			await log.close();
			const found = await waitForValue(
				"the difference to be found",
				() => verdict(page),
				({ different }) => different > 0,
			);
			expect(found).toMatchObject({ verdict: "differs", different: 1 });
			expect(await page.textContent(".difference")).toBe(
				`First: stranger, seq 1, value: typescript 0.5, python ${other}`,
			);
		});
	},
);
