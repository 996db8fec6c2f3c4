import { recordDecoder, validatorOf } from "@fireworks/pipeline";
import { defineTopology } from "@fireworks/streams";
import { topologyDriver } from "@fireworks/streams/testing";
import { expect, test } from "vitest";
import pipeline from "../pipeline.ts";
import { weatherFile } from "../source.ts";
import { means, readings, stations } from "../streams.ts";

const reading = (day: string, temperature: number | null) => ({
	key: "s",
	timestamp: Date.parse(`${day}T08:00:00Z`),
	value: {
		...{ station: "s", at: `${day}T08:00:00Z`, temperature, wind: 2 },
		...{ precipitation: 0, weather: null },
	},
});

test("means of seven days, and an alert for each above the station's limit; a null does not count", async () => {
	const driver = await topologyDriver(
		defineTopology(pipeline.stages, { sources: [readings, stations] }),
	);
	await driver.pipe(stations.name, {
		key: "s",
		value: {
			...{ station: "s", since: "2012-01-01T00:00:00Z" },
			...{ latitude: 0, longitude: 0, heat: 5 },
		},
	});
	await driver.pipe(
		readings.name,
		reading("2025-01-01", 4),
		reading("2025-01-02", null),
	);
	await driver.restart();
	await driver.pipe(
		readings.name,
		reading("2025-01-03", 8),
		// The clock passes the ends of the windows that began until January 3.
		reading("2025-01-10", 100),
	);
	const mean = (day: string, days: number, temperature: number | null) => ({
		...{ station: "s", at: `${day}T00:00:00.000Z`, days, temperature, wind: 2 },
	});
	expect(driver.values(means.name)).toEqual([
		mean("2024-12-26", 1, 4),
		mean("2024-12-27", 2, 4),
		mean("2024-12-28", 3, 6),
		mean("2024-12-29", 3, 6),
		mean("2024-12-30", 3, 6),
		mean("2024-12-31", 3, 6),
		mean("2025-01-01", 3, 6),
		mean("2025-01-02", 2, 8),
		mean("2025-01-03", 1, 8),
	]);
	expect(
		driver
			.values("weather-alerts")
			.map((alert) => (alert as { above: number }).above),
	).toEqual([1, 1, 1, 1, 1, 3, 3]);
	expect(driver.deadLetters()).toEqual([]);
	await driver.close();
});

test("every row of the file is a valid reading, in the order of its times", async () => {
	const decoder = recordDecoder(readings.description, {
		validate: validatorOf(readings.description.schema),
	});
	const times: number[] = [];
	let position: unknown;
	for (let done = false; !done; ) {
		const polled = await weatherFile.poll(
			position,
			new AbortController().signal,
		);
		for (const value of polled.records) {
			const { record, refusal } = decoder.json(value, 0);
			expect(refusal).toBeUndefined();
			times.push(record?.time ?? Number.NaN);
		}
		position = polled.position;
		done = polled.done === true;
	}
	expect(times.length).toBe(2_922);
	expect(times).toEqual(times.toSorted((a, b) => a - b));
	// Midnight in New York, winter time.
	expect(new Date(times[0] as number).toISOString()).toBe(
		"2012-01-01T05:00:00.000Z",
	);
});
