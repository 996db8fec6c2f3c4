/**
 * The catalog in a folder: no program but the one that writes is needed, and readers need only the
 * files. A table's metadata is in fireworks/NAME/metadata. Its manifests and its rows are under
 * fireworks-files, in folders whose names never change: so a table can be renamed in one step,
 * though Iceberg's metadata names every file by its whole path.
 */
import { randomUUID } from "node:crypto";
import { rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { CatalogError } from "../errors.ts";
import { parseJson, stringifyJson } from "../iceberg/json.ts";
import { parseMetadata, type TableMetadata } from "../iceberg/metadata.ts";
import { isSystemError, namesIn, syncFolder, uriOf } from "../storage/files.ts";
import {
	type Catalog,
	type CommitAnswer,
	type LoadedTable,
	NAMESPACE,
	type NewTable,
} from "./catalog.ts";
import { newMetadata } from "./new-metadata.ts";
import { requirement, unmet } from "./requirements.ts";
import { applyUpdates, update } from "./updates.ts";
import { type Version, Versions } from "./versions.ts";

/** Older metadata files are deleted. A reader opens one right after it has learned its name. */
const KEPT_VERSIONS = 20;

/**
 * A table of a used name begins this many versions above the last one of the table before: a writer
 * of that one, paused for long, would take this number next, and must not hit the new table's.
 */
const GENERATION_GAP = 2;

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}$/;

const commitBody = z.object({
	requirements: z.array(requirement),
	updates: z.array(update),
});

type TableVersion = Version<TableMetadata>;

export class FileCatalog implements Catalog {
	readonly #root: string;
	readonly #files: string;
	readonly #versions = new Map<string, Versions<TableMetadata>>();

	constructor(folder: string) {
		this.#root = join(resolve(folder), NAMESPACE);
		this.#files = join(resolve(folder), `${NAMESPACE}-files`);
	}

	async list(): Promise<readonly string[]> {
		const names: string[] = [];
		for (const name of await namesIn(this.#root))
			if ((await this.load(name)) !== undefined) names.push(name);
		return names.sort();
	}

	async load(name: string): Promise<LoadedTable | undefined> {
		if (!NAME.test(name)) return undefined;
		const version = await this.#of(name).newest();
		return version && loaded(version);
	}

	async create({
		name,
		schema,
		spec,
		properties,
	}: NewTable): Promise<"created" | "exists"> {
		if (!NAME.test(name))
			throw new CatalogError(
				`a table cannot be named ${JSON.stringify(name)}: use letters, digits, "_", "-" and "."`,
			);
		const versions = this.#of(name);
		if ((await versions.newest()) !== undefined) return "exists";
		await versions.ensureFolder();
		const location = uriOf(join(this.#files, name));
		const metadata = newMetadata(location, randomUUID(), {
			schema,
			spec,
			properties,
		});
		const first = (await this.#lastVersionOfOlder(name)) + GENERATION_GAP;
		const added = await versions.add(undefined, first, stringifyJson(metadata));
		return added ? "created" : "exists";
	}

	async rename(from: string, to: string): Promise<"renamed" | "taken"> {
		this.#versions.delete(from);
		try {
			await rename(join(this.#root, from), join(this.#root, to));
		} catch (error) {
			const { code = "" } = error as NodeJS.ErrnoException;
			if (["ENOTEMPTY", "EEXIST", "ENOENT"].includes(code)) return "taken";
			throw error;
		}
		await syncFolder(this.#root);
		return "renamed";
	}

	async removeLeftovers(name: string, before: number): Promise<void> {
		await this.#of(name).removeTemporary(before);
	}

	async commit(name: string, body: string): Promise<CommitAnswer> {
		const { success, data, error } = commitBody.safeParse(parseJson(body));
		if (!success)
			throw new CatalogError(
				`table ${name}: the catalog does not understand the commit: ${z.prettifyError(error)}`,
			);
		try {
			return await this.#commit(name, data);
		} catch (error) {
			if (!isSystemError(error)) throw error;
			return { outcome: "unknown", reason: error.message };
		}
	}

	async #commit(
		name: string,
		{ requirements, updates }: z.infer<typeof commitBody>,
	): Promise<CommitAnswer> {
		const versions = this.#of(name);
		const base = await versions.newest();
		if (base === undefined)
			throw new CatalogError(`there is no table ${name} to commit to`);
		for (const each of requirements) {
			const reason = unmet(base.content, each);
			if (reason !== undefined) return { outcome: "conflict", reason };
		}
		const next = applyUpdates(withLog(base.content, base), updates, Date.now());
		const number = base.number + 1;
		if (!(await versions.add(base, number, stringifyJson(next))))
			return { outcome: "conflict", reason: "another commit was first" };
		await versions.removeBefore(number - KEPT_VERSIONS);
		const newest = await versions.newest();
		return newest === undefined
			? { outcome: "unknown", reason: "the table was removed" }
			: { outcome: "committed", table: loaded(newest) };
	}

	#of(name: string): Versions<TableMetadata> {
		const known = this.#versions.get(name);
		if (known !== undefined) return known;
		const folder = join(this.#root, name, "metadata");
		const versions = new Versions(folder, (text, path) =>
			parseMetadata(parseJson(text), path),
		);
		this.#versions.set(name, versions);
		return versions;
	}

	/** Of the tables that had this name before. */
	async #lastVersionOfOlder(name: string): Promise<number> {
		let last = -1;
		for (const other of await namesIn(this.#root))
			if (other.startsWith(`${name}__`))
				last = Math.max(last, (await this.#of(other).newest())?.number ?? 0);
		return last;
	}
}

const loaded = ({ path, identity, content }: TableVersion): LoadedTable => ({
	metadataLocation: `${uriOf(path)}#${identity}`,
	metadata: content,
});

const withLog = (
	metadata: TableMetadata,
	{ path }: TableVersion,
): TableMetadata => ({
	...metadata,
	"metadata-log": [
		...metadata["metadata-log"],
		{
			"timestamp-ms": metadata["last-updated-ms"],
			"metadata-file": uriOf(path),
		},
	].slice(-KEPT_VERSIONS),
});
