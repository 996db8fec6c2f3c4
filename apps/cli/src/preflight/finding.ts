/** What a check found: fine, worth knowing, or in the way; and what to do about it. */
export interface Finding {
	check: string;
	level: "ok" | "warning" | "problem";
	/** What is so. */
	message: string;
	/** What to do; empty where nothing is. */
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
