/**
 * The table of a topic. A topic that was made again has another id, and its offsets start again:
 * its rows go into a new table of the same name, and the table before is renamed to NAME__1,
 * NAME__2, ...
 */
import type { Catalog } from "../catalog/catalog.ts";
import { CatalogError, UnsupportedTableError } from "../errors.ts";
import { newSpec } from "../iceberg/partition.ts";
import { columnsOf, newSchema } from "../iceberg/schema.ts";
import type { TableDefinition } from "../ports.ts";
import { PROPERTY } from "./properties.ts";
import type { Waiting } from "./retry.ts";

/** More can only fail if other programs rename the same tables all the time. */
const ATTEMPTS = 10;

const FIRST_GENERATION = 1;

/** Iceberg's own settings: a catalog that follows them keeps the metadata small. */
const TABLE_PROPERTIES = {
	"write.metadata.previous-versions-max": "20",
	"write.metadata.delete-after-commit.enabled": "true",
};

/** Makes sure that the table of this name is the one of this topic. */
export async function ensureGeneration(
	catalog: Catalog,
	definition: TableDefinition,
	{ logger }: Waiting,
): Promise<void> {
	const { name, topicId } = definition;
	for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
		const table = await catalog.load(name);
		if (table === undefined) {
			await create(catalog, definition);
			continue;
		}
		const { properties } = table.metadata;
		if (properties[PROPERTY.topicId] === topicId) return;
		if (properties[PROPERTY.topicId] === undefined)
			throw new UnsupportedTableError(
				`the lake has a table ${name} that Fireworks did not make. Rename the table or the stream`,
			);
		const older = `${name}__${properties[PROPERTY.generation] ?? FIRST_GENERATION}`;
		if ((await catalog.rename(name, older)) === "renamed")
			logger.info(
				{ table: name, older },
				"the topic was made again: its rows go into a new table, the table before was renamed",
			);
	}
	throw new CatalogError(
		`the table ${name} has rows of another topic of the same name, and could not be renamed`,
	);
}

async function create(
	catalog: Catalog,
	{ name, topicId, columns, partitionBy }: TableDefinition,
): Promise<void> {
	const schema = newSchema(columns);
	const spec = newSpec(partitionBy, columnsOf(schema));
	const properties = {
		...TABLE_PROPERTIES,
		[PROPERTY.topicId]: topicId,
		[PROPERTY.generation]: String(await nextGeneration(catalog, name)),
	};
	await catalog.create({ name, schema, spec, properties });
}

async function nextGeneration(catalog: Catalog, name: string) {
	const prefix = `${name}__`;
	const older = (await catalog.list())
		.filter((other) => other.startsWith(prefix))
		.map((other) => Number(other.slice(prefix.length)))
		.filter((generation) => generation >= FIRST_GENERATION);
	return Math.max(FIRST_GENERATION - 1, ...older) + 1;
}
