/** A stream of the catalog as clients see it. */
import type { ShownStream } from "@fireworks/contracts";
import type { CatalogEntry } from "@fireworks/pipeline";

export const shownStream = ({
	name,
	key,
	measures,
	version,
}: CatalogEntry): ShownStream => ({ name, key, measures, version });
