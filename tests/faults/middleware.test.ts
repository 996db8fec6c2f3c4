/** The middleware has no state of its own: after any end it must come back ready. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type FaultBroker, startFaultBroker } from "./fault-broker.ts";
import { faultRun } from "./fault-run.ts";

const bundle = fileURLToPath(
	new URL("../../services/middleware/dist/main.js", import.meta.url),
);

describe.skipIf(!existsSync(bundle))("the middleware", () => {
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
