/** The middleware has no persistent state: after any kind of exit it must become ready again. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { type FaultBroker, startFaultBroker } from "./fault-broker.ts";
import { faultRun } from "./fault-run.ts";

describe("the middleware", () => {
	let broker: FaultBroker;
	beforeAll(async () => {
		broker = await startFaultBroker();
	});
	afterAll(() => broker.stop());

	test("kill -9, and a broker that goes and comes", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "kill -9 middleware, then broker" },
			async (run) => {
				await run.startBoth();
				let middleware = await run.start("middleware");
				await middleware.ready();
				for (let i = 0; i < 3; i++) {
					const since = performance.now();
					await middleware.kill();
					middleware = await run.start("middleware");
					await middleware.ready();
					run.recoveredIn(performance.now() - since);
				}
				await broker.kill();
				await broker.restart();
				await middleware.ready();
				await run.recovery(performance.now());
			},
		));
});
