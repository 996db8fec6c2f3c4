/** Saves a file on the user's machine, as if a link to it had been clicked. */
export function download(name: string, parts: BlobPart[], type: string): void {
	const url = URL.createObjectURL(new Blob(parts, { type }));
	const link = document.createElement("a");
	link.href = url;
	link.download = name;
	link.click();
	// The browser has begun to read it by then.
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** fireworks-paths-2026-11-22T22-15-33Z.csv */
export const fileName = (what: string, atMs: number, extension: string) =>
	`fireworks-${what}-${new Date(atMs).toISOString().slice(0, 19).replaceAll(":", "-")}Z.${extension}`;
