/** The process of statements, as the service starts it from its own file. */
import { runSqlChild } from "../../src/sql/child.ts";

runSqlChild();
