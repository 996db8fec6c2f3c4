/** Takes records over HTTP and writes them to the streams of the catalog. */
import { EXIT } from "@fireworks/contracts";
import { runService, ServiceExit } from "@fireworks/service-kit";
import { openLog, StreamsError } from "@fireworks/streams";
import { INGEST_SETTINGS, runIngest } from "./ingest-service.ts";

await runService({
	name: "ingest",
	settings: INGEST_SETTINGS,
	async run(context) {
		const { settings, logger } = context;
		const log = openLog({
			brokers: settings.brokers,
			security: settings,
			clientId: "fireworks-ingest",
			logger,
		});
		try {
			await runIngest(context, log);
		} catch (error) {
			if (error instanceof StreamsError && error.fatal)
				throw new ServiceExit(EXIT.config, error.message, { cause: error });
			throw error;
		} finally {
			await log.close();
		}
	},
});
