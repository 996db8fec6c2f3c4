/**
 * The names under which tables can be selected from: their own, and with underscores instead of
 * dashes and dots, which needs no quotes. SQL does not tell capital letters from small ones.
 */

/** By the view's name in small letters. A name that two tables could have has none. */
export function viewNames(tables: readonly string[]): Map<string, ViewName> {
	const views = new Map<string, ViewName>();
	for (const table of tables)
		if (!views.has(table.toLowerCase()))
			views.set(table.toLowerCase(), { view: table, table });
	const plain = new Map<string, string | undefined>();
	for (const table of tables) {
		const name = table.replaceAll(/[-.]/g, "_");
		const key = name.toLowerCase();
		if (name === table || views.has(key)) continue;
		plain.set(key, plain.has(key) ? undefined : table);
	}
	for (const [key, table] of plain)
		if (table !== undefined)
			views.set(key, { view: table.replaceAll(/[-.]/g, "_"), table });
	return views;
}

export interface ViewName {
	readonly view: string;
	readonly table: string;
}
