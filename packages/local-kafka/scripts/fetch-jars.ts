/**
 * Fetches Kafka's jars into the cache: `node scripts/fetch-jars.ts`. It needs no installed package,
 * so bootstrap.sh runs it during the install.
 */
import { kafkaCacheDir } from "../src/cache.ts";
import { cacheRoot, refuseUnsafeCache } from "../src/cache-folder.ts";
import { DEFAULT_MAVEN_URL, ensureJars } from "../src/ensure-jars.ts";
import { reasonOf } from "../src/errors.ts";

const { FIREWORKS_MAVEN_URL: mavenUrl } = process.env;
try {
	const root = cacheRoot();
	refuseUnsafeCache(root);
	const { fetched } = await ensureJars({
		cacheDir: kafkaCacheDir(root),
		mavenUrl: mavenUrl || DEFAULT_MAVEN_URL,
	});
	if (fetched > 0) console.log(`${fetched} jars of Kafka fetched`);
} catch (error) {
	console.error(reasonOf(error));
	process.exitCode = 1;
}
