import type { LakeLocation } from "../ports.ts";
import type { Catalog } from "./catalog.ts";
import { FileCatalog } from "./file-catalog.ts";
import { RestCatalog } from "./rest-catalog.ts";

export const openCatalog = ({ catalog }: LakeLocation): Catalog =>
	catalog.kind === "files"
		? new FileCatalog(catalog.folder)
		: new RestCatalog(catalog);
