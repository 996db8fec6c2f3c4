/** The rows of an answer. More of them are shown on demand, as thousands would slow the page. */
import { useState } from "react";
import type { SqlAnswer, SqlValue } from "../../lake/lake-api.ts";
import { count } from "../../view/format.ts";
import { cellText } from "../answer-csv.ts";

const ROWS_STEP = 200;
/** Longer texts end with an ellipsis; the CSV has them whole. */
const CELL_MAX = 300;

export function AnswerTable({
	answer: { columns, rows },
}: {
	answer: SqlAnswer;
}) {
	// Another answer begins with its first rows again.
	const [shown, setShown] = useState({ rows, most: ROWS_STEP });
	const most = shown.rows === rows ? shown.most : ROWS_STEP;
	return (
		<section
			className="rows"
			aria-label="Rows of the answer"
			// biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it
			tabIndex={0}
		>
			<table>
				<thead>
					<tr>
						{columns.map(({ name, type }, i) => (
							<th key={i} scope="col">
								<bdi>{name}</bdi> <span className="quiet">{type}</span>
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.slice(0, most).map((row, i) => (
						<tr key={i}>
							{columns.map((_, k) => (
								<Cell key={k} value={row[k]} />
							))}
						</tr>
					))}
				</tbody>
			</table>
			{rows.length > most && (
				<button
					type="button"
					className="more"
					onClick={() => setShown({ rows, most: most + ROWS_STEP })}
				>
					Show more rows ({count(rows.length - most)} left)
				</button>
			)}
		</section>
	);
}

function Cell({ value }: { value: SqlValue | undefined }) {
	if (value === null) return <td className="quiet">null</td>;
	const text = cellText(value);
	return (
		<td className={typeof value === "number" ? "number" : undefined}>
			<bdi>{text.length > CELL_MAX ? `${text.slice(0, CELL_MAX)}…` : text}</bdi>
		</td>
	);
}
