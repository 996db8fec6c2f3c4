/** The middleware as a process. */
import { runService } from "@fireworks/service-kit";
import { openLog } from "@fireworks/streams";
import { startMiddleware } from "./middleware.ts";
import { MIDDLEWARE_SETTINGS } from "./settings.ts";

await runService({
	name: "middleware",
	settings: ["brokers", ...MIDDLEWARE_SETTINGS],
	async run({ settings, logger, registry, signal, serve }) {
		const log = openLog({
			brokers: settings.brokers,
			clientId: "fireworks-middleware",
			logger,
		});
		const middleware = await startMiddleware({
			settings,
			log,
			logger,
			registry,
			serve,
		});
		await new Promise<void>((resolve) => {
			if (signal.aborted) resolve();
			else signal.addEventListener("abort", () => resolve(), { once: true });
		});
		await middleware.stop();
		await log.close();
	},
});
