/** Builds the images that are not there yet. */

export interface BuildOptions {
	/** Which of the catalogue; default: IMAGES. Engines' images by name, e.g. "engine-python". */
	names?: readonly string[];
	/** Named so instead of by content, e.g. "0.2.0"; built every time (Docker's cache makes that cheap). */
	tag?: string;
	/** e.g. "ghcr.io/acme"; put before "fireworks/<name>". */
	registry?: string;
	/** Build arguments besides the catalogue's: NODE_IMAGE, NPM_REGISTRY, ... Empty ones are left out. */
	args?: Readonly<Record<string, string>>;
	/** Also `docker push`. */
	push?: boolean;
	/** Where each build's output goes; default `.fireworks/images`. */
	logFolder?: string;
	/** e.g. "metronome: building", "metronome: there". */
	onProgress?: (text: string) => void;
}

export interface BuiltImage {
	name: string;
	/** e.g. "fireworks/metronome:dev-1a2b3c4d5e6f"; with its own content's tag, or the given one. */
	ref: string;
	/** Of `ref`. */
	tag: string;
	/** The same image by the tag of the set. */
	release: string;
	/** false: it was there. */
	built: boolean;
	ms: number;
}

export interface BuildResult {
	/** The tag of the set. */
	tag: string;
	images: BuiltImage[];
}

/** Throws ImageError. */
export async function buildImages(
	_options: BuildOptions = {},
): Promise<BuildResult> {
	throw new Error("not yet");
}
