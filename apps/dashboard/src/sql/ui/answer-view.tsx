/** The answer to a query: its rows, its chart, its file; or why it failed. */
import { download, fileName } from "../../export/download.ts";
import type { SqlAnswer } from "../../lake/lake-api.ts";
import { count, instant, milliseconds } from "../../view/format.ts";
import { answerCsv } from "../answer-csv.ts";
import { ANSWER_CHARTS, type AnswerChart } from "../sql-view.ts";
import { AnswerChart as Chart } from "./answer-chart.tsx";
import { AnswerTable } from "./answer-table.tsx";
import type { QueryState } from "./use-query.ts";

const CHART_NAMES: Record<AnswerChart, string> = {
	none: "Table",
	line: "Lines",
	bar: "Bars",
};

export function AnswerView({
	state,
	chart,
	choose,
}: {
	state: QueryState;
	chart: AnswerChart;
	choose(chart: AnswerChart): void;
}) {
	const answer =
		state.kind === "answered"
			? state.answer
			: state.kind === "running"
				? state.before
				: undefined;
	return (
		<div className="answer" data-state={state.kind}>
			<p role="status" className="quiet">
				{state.kind === "running" && "Running…"}
				{state.kind === "answered" && summaryOf(state.answer)}
			</p>
			{state.kind === "failed" && (
				<pre role="alert" className="problems">
					{state.why}
				</pre>
			)}
			{answer && (
				<>
					<div className="toolbar">
						<div
							role="radiogroup"
							aria-label="How the answer is shown"
							className="segments"
						>
							{ANSWER_CHARTS.map((one) => (
								<label key={one}>
									<input
										type="radio"
										name="chart"
										checked={chart === one}
										onChange={() => choose(one)}
									/>
									<span>{CHART_NAMES[one]}</span>
								</label>
							))}
						</div>
						<button
							type="button"
							title="Save the rows of the answer as CSV"
							onClick={() =>
								download(
									fileName("query", Date.now(), "csv"),
									[...answerCsv(answer)],
									"text/csv",
								)
							}
						>
							CSV
						</button>
					</div>
					{chart === "none" ? (
						<AnswerTable answer={answer} />
					) : (
						<Chart answer={answer} chart={chart} />
					)}
				</>
			)}
		</div>
	);
}

/** 1,234 rows in 18 ms. weather up to 12:03:05. */
function summaryOf({ rows, truncated, ms, tables }: SqlAnswer): string {
	const what = `${count(rows.length)} ${rows.length === 1 ? "row" : "rows"} in ${milliseconds(ms)}.`;
	const more = truncated
		? " There are more rows: these are as many as an answer may have."
		: "";
	const fresh = Object.entries(tables ?? {})
		.flatMap(([name, { committedAt }]) =>
			committedAt === null
				? []
				: [` ${name} up to ${instant(committedAt).slice(11, 19)}.`],
		)
		.join("");
	return `${what}${more}${fresh}`;
}
