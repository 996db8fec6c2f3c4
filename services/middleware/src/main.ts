/** The middleware as a process. */
import { EXIT, KAFKA_SETTINGS } from "@fireworks/contracts";
import { runService, ServiceExit } from "@fireworks/service-kit";
import { openLog, StreamsError } from "@fireworks/streams";
import { aborted } from "@fireworks/time";
import { startMiddleware } from "./middleware.ts";
import { MIDDLEWARE_SETTINGS } from "./settings.ts";

await runService({
	name: "middleware",
	settings: [...KAFKA_SETTINGS, ...MIDDLEWARE_SETTINGS],
	async run({ settings, logger, registry, signal, serve }) {
		const log = openLog({
			brokers: settings.brokers,
			security: settings,
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
		try {
			await Promise.race([aborted(signal), middleware.failed]);
		} catch (error) {
			if (error instanceof StreamsError && error.fatal)
				throw new ServiceExit(EXIT.config, error.message, { cause: error });
			throw error;
		} finally {
			await middleware.stop();
			await log.close();
		}
	},
});
