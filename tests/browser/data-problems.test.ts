/**
 * The page's panel of data problems, on the whole system: unreadable records by reason, and devices
 * that are refused by name.
 */
import { partitionOf } from "@fireworks/contracts";
import type { Log } from "@fireworks/streams";
import { expect, test } from "vitest";
import { testLog } from "../harness/stream.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { seriousFindings } from "./axe.ts";
import { withPage } from "./with-page.ts";

const DEVICE = "device-0003";
const PARTITIONS = 4;
const IN_2036 = Date.parse("2036-02-12T00:00:00Z");

const open = withPage();

const panel = () => open.page.getByRole("region", { name: "Data problems" });

/** The panel's lines; none while there is no panel. */
const problems = (): Promise<string[]> =>
	panel().getByRole("listitem").allInnerTexts();

const append = (log: Log, topic: string, key: string, value: string) =>
	log.append(topic, {
		partition: partitionOf(Buffer.from(key), PARTITIONS),
		key,
		value,
		timestamp: Date.now(),
	});

test("it appears with the first problem, and names reasons, examples and refused devices", async () => {
	expect(await panel().count()).toBe(0);
	const log = testLog(open.system.brokers);
	await append(log, "wiener", DEVICE, "{not JSON");
	await append(log, "wiener", DEVICE, "<xml/>");
	await append(log, "wiener", DEVICE, '{"deviceId":"device-0003"}');
	const unreadable = await waitForValue(
		"three unreadable records",
		problems,
		(lines) => lines.length === 2 && lines[0]?.startsWith("2 records") === true,
	);
	const example = /\(newest: topic wiener, partition \d, offset \d+\)$/;
	expect(unreadable[0]).toMatch(/^2 records: no JSON /);
	expect(unreadable[0]).toMatch(example);
	expect(unreadable[1]).toMatch(/^1 record: /);
	expect(unreadable[1]).toMatch(example);

	// The processor refuses every tick of this device from now on: their times are earlier.
	const row = `[data-device='${DEVICE}']`;
	const seq = Number(await open.page.getAttribute(row, "data-seq"));
	const tick = { deviceId: DEVICE, seq: seq + 5, timestamp: IN_2036 };
	const value = JSON.stringify({ ...tick, drift: 0, volatility: 1 });
	await append(log, "metronome", DEVICE, value);
	await log.close();
	const all = await waitForValue("the device to be named", problems, (lines) =>
		lines.some((line) => line.startsWith(DEVICE)),
	);
	expect(all[0]).toMatch(
		/^device-0003: refused on every record since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(time-not-increasing\), newest accepted time 2036-02-12 00:00:00$/,
	);
	expect(all.filter((line) => line.startsWith("device-"))).toHaveLength(1);
	expect(
		all.some((line) => /^1 record: a time more than 1 h ahead/.test(line)),
	).toBe(true);
	expect(await seriousFindings(open.page)).toEqual([]);
	if (process.env.SCREENSHOT)
		await open.page.screenshot({ path: process.env.SCREENSHOT });
});
