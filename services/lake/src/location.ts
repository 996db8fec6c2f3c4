/** Where the lake is, as the settings say. */
import { resolve } from "node:path";
import {
	type SettingName,
	SettingsError,
	variableOf,
} from "@fireworks/contracts";
import type { LakeLocation } from "@fireworks/lake";
import { type SecretSettings, secretOf } from "@fireworks/service-kit";

export const LOCATION_SETTINGS = [
	"lakeDir",
	"lakeCatalogUri",
	"lakeWarehouse",
	"lakeCatalogToken",
	"lakeCatalogTokenFile",
] as const satisfies readonly SettingName[];

interface LocationSettings extends SecretSettings<"lakeCatalogToken"> {
	readonly lakeDir: string;
	readonly lakeCatalogUri: string;
	readonly lakeWarehouse: string;
}

/** Throws SettingsError. */
export function lakeLocation(settings: LocationSettings): LakeLocation {
	const { lakeDir, lakeCatalogUri: uri, lakeWarehouse: warehouse } = settings;
	if (uri === "")
		return { catalog: { kind: "files", folder: resolve(lakeDir) } };
	if (warehouse === "")
		throw new SettingsError([
			{
				name: variableOf("lakeWarehouse"),
				value: "",
				expected: `the name of a warehouse, as ${variableOf("lakeCatalogUri")} is set`,
			},
		]);
	const token = secretOf(settings, "lakeCatalogToken");
	return {
		catalog: {
			kind: "rest",
			uri,
			warehouse,
			...(token === "" ? {} : { token }),
		},
	};
}
