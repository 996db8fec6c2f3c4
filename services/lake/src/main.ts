/** Writes the streams of the catalog to the tables of the lake, each record exactly once. */
import { EXIT } from "@fireworks/contracts";
import { FencedError } from "@fireworks/lake";
import { runService, ServiceExit } from "@fireworks/service-kit";
import { openLog, StreamsError } from "@fireworks/streams";
import { LAKE_SETTINGS, runLake } from "./lake-service.ts";

await runService({
	name: "lake",
	settings: LAKE_SETTINGS,
	async run(context) {
		const { settings, logger } = context;
		const log = openLog({
			brokers: settings.brokers,
			security: settings,
			clientId: "fireworks-lake",
			logger,
		});
		try {
			await runLake(context, log);
		} catch (error) {
			if (error instanceof FencedError)
				throw new ServiceExit(
					EXIT.fenced,
					`another writer has taken over the lake: ${error.message}`,
					{ cause: error },
				);
			if (error instanceof StreamsError && error.fatal)
				throw new ServiceExit(EXIT.config, error.message, { cause: error });
			throw error;
		} finally {
			await log.close();
		}
	},
});
