/** `node packages/ingest/src/main.ts FILE --stream NAME ...` */
import { runIngest } from "./command.ts";

process.exitCode = await runIngest(process.argv.slice(2));
process.exit();
