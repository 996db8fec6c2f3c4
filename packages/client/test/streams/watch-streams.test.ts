import type { ShownStream } from "@fireworks/contracts";
import { FakeClock } from "@fireworks/time/fake";
import { expect, it } from "vitest";
import { BACK_OFF } from "../../src/retry.ts";
import { watchStreams } from "../../src/streams/watch-streams.ts";
import { FakeNetwork } from "../fakes.ts";
import { READINGS, streams } from "./frames.ts";

it("reports the whole list at once and after each change, and comes back after a loss", () => {
	const clock = new FakeClock();
	const network = new FakeNetwork();
	const lists: (readonly ShownStream[])[] = [];
	const states: string[] = [];
	const watch = watchStreams("ws://host/ws", (list) => lists.push(list), {
		openSocket: network.open,
		clock,
		random: () => 0.5,
		onState: ({ kind }) => states.push(kind),
	});
	expect(network.last).toMatchObject({
		url: "ws://host/ws",
		protocol: "fireworks.v2",
	});
	network.last.frame(streams(clock.wallMs()));
	network.last.frame({ type: "streams", serverTime: 1, streams: [READINGS] });
	network.last.frame({ type: "ping", serverTime: 17 });
	expect(network.last.sent).toEqual([{ type: "pong", serverTime: 17 }]);
	network.last.serverCloses(1006);
	clock.advance(BACK_OFF.firstMs);
	network.last.frame({ type: "streams", serverTime: 1, streams: [] });
	expect(lists.map((list) => list.map(({ name }) => name))).toEqual([
		["readings", "plain"],
		["readings"],
		[],
	]);
	watch.close();
	expect(states).toEqual([
		"connecting",
		"open",
		"reconnecting",
		"connecting",
		"open",
		"closed",
	]);
	expect(clock.timers).toBe(0);
});
