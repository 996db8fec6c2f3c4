/** A fresh copy of the tree and fresh stubs for the tests of a file, removed at their end. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { Clone } from "./clone.ts";
import { FakeTools } from "./fake-tools.ts";
import { Stubs } from "./stub.ts";

/**
 * For the path without Docker: fakes of node, npm, pnpm and java, and a new clone for each test.
 */
export function useFakeClone(): { tools(): FakeTools; clone(): Clone } {
	let tools: FakeTools;
	let clone: Clone;
	beforeEach(() => {
		tools = new FakeTools();
		clone = new Clone();
	});
	afterEach(() => {
		tools.remove();
		clone.remove();
	});
	return { tools: () => tools, clone: () => clone };
}

/**
 * For the path with Docker: stubs of these programs for each test, and one clone for the file,
 * which forgets between the tests what was made in it.
 */
export function useClone(programs?: readonly string[]): {
	stubs(): Stubs;
	clone(): Clone;
} {
	let stubs: Stubs;
	let clone: Clone;
	beforeAll(() => {
		clone = new Clone();
	});
	afterAll(() => clone.remove());
	beforeEach(() => {
		stubs = new Stubs(programs);
		clone.forget();
	});
	afterEach(() => stubs.remove());
	return { stubs: () => stubs, clone: () => clone };
}
