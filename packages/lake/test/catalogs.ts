/** Every kind of catalog that the lake works on, each with a lake of its own. */
import type { LakeLocation } from "../src/index.ts";
import { lakeFolder } from "./lake-folder.ts";
import { restServer } from "./rest-server.ts";

interface CatalogKind {
	readonly kind: string;
	/** A lake whose tables have this prefix, which no other test uses. */
	open(): Promise<{ location: LakeLocation; prefix: string }>;
}

const kinds: CatalogKind[] = [
	{
		kind: "a folder",
		open: async () => ({ location: lakeFolder().location, prefix: "" }),
	},
	{
		kind: "a REST catalog",
		open: async () => {
			const server = await restServer(lakeFolder().folder);
			server.token = "secret";
			return { location: server.location, prefix: "" };
		},
	},
];

// packages/lake/test/apache/run.sh runs Apache's own.
const uri = process.env.LAKE_TEST_REST_CATALOG;
if (uri !== undefined)
	kinds.push({
		kind: "the REST catalog of LAKE_TEST_REST_CATALOG",
		open: async () => ({
			location: { catalog: { kind: "rest", uri, warehouse: "" } },
			prefix: `t${Date.now()}${Math.floor(Math.random() * 1e6)}_`,
		}),
	});

export const CATALOGS: readonly CatalogKind[] = kinds;
