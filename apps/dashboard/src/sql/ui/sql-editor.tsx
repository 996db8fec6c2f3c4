/** The query's text. Ctrl-Enter or ⌘-Enter runs it. */
import { useEffect, useState } from "react";
import { writeSqlView } from "../sql-view.ts";

/** The query service takes no longer ones. */
const SQL_MAX = 60_000;

export function SqlEditor({
	sql,
	running,
	run,
	stop,
}: {
	/** Of the address: it replaces the text when it changes. */
	sql: string;
	running: boolean;
	run(sql: string): void;
	stop(): void;
}) {
	const [text, setText] = useState(sql);
	useEffect(() => setText(sql), [sql]);
	const long = writeSqlView({ sql: text, chart: "none" }) === undefined;
	return (
		<form
			className="editor"
			onSubmit={(event) => {
				event.preventDefault();
				run(text);
			}}
		>
			<label>
				<span>SQL</span>
				<textarea
					value={text}
					maxLength={SQL_MAX}
					rows={5}
					spellCheck={false}
					autoCapitalize="off"
					autoComplete="off"
					placeholder="SELECT …  (DuckDB's SQL; it can only read)"
					aria-describedby="sql-hint"
					onChange={(event) => setText(event.target.value)}
					onKeyDown={(event) => {
						if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey))
							return;
						event.preventDefault();
						run(text);
					}}
				/>
			</label>
			<div className="toolbar">
				<button type="submit" className="run" disabled={text.trim() === ""}>
					Run
				</button>
				{running && (
					<button type="button" onClick={stop}>
						Stop
					</button>
				)}
				<p id="sql-hint" className="quiet">
					Ctrl-Enter runs it.{" "}
					{long
						? "It is too long to be kept in the address."
						: "The address has the query: copy it to share it."}
				</p>
			</div>
		</form>
	);
}
