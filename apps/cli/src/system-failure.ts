/**
 * Turns an error of the file system into one line that says what to do, instead of a stack trace.
 */
const WHAT_TO_DO: Record<string, string> = {
	ENOSPC: "The disk is full: make room (`df -h`, `df -i`)",
	EDQUOT: "Your share of the disk is used up: make room",
	EROFS:
		"The file system is read-only: set FIREWORKS_STATE_DIR to a folder that you can write to",
	EACCES:
		"You may not write there: give the folder to your user (`chown`), or set FIREWORKS_STATE_DIR to another folder",
	EPERM:
		"You may not write there: give the folder to your user (`chown`), or set FIREWORKS_STATE_DIR to another folder",
	ENOTDIR:
		"A file is in the place of a folder: move it away, or set FIREWORKS_STATE_DIR to another folder",
	ENAMETOOLONG:
		"The path is too long: set FIREWORKS_STATE_DIR to a shorter one",
	EMFILE: "Too many files are open: raise the limit (`ulimit -n`)",
};

/** undefined for any other error. */
export function systemFailure(error: unknown): string | undefined {
	if (!(error instanceof Error)) return undefined;
	const { code, path, message } = error as NodeJS.ErrnoException;
	const fix = code === undefined ? undefined : WHAT_TO_DO[code];
	return fix === undefined || path === undefined
		? undefined
		: `${message}\n  What to do: ${fix}.`;
}
