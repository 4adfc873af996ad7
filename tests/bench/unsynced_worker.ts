// The file worker without a single fsync, for `durability.ts`.
import { forgetSyncs } from "./unsynced.ts";
import "../../runtime/tools/worker.ts";

forgetSyncs();
