/** The result of a check: fine, a warning, or a problem, with what to do about it. */
export interface Finding {
	check: string;
	level: "ok" | "warning" | "problem";
	/** What the check found. */
	message: string;
	/** What to do; empty if there is nothing to do. */
	fix: string;
}

export const ok = (check: string, message: string): Finding => ({
	check,
	level: "ok",
	message,
	fix: "",
});

export const warning = (
	check: string,
	message: string,
	fix: string,
): Finding => ({ check, level: "warning", message, fix });

export const problem = (
	check: string,
	message: string,
	fix: string,
): Finding => ({ check, level: "problem", message, fix });
