// A process that writes to file memory and says each change it was promised:  FOLDER NAME COUNT BYTES.
// COUNT 0 writes until it is killed.
import { openFileMemory } from "../../../runtime/flow/file_memory.ts";

const [folder = "", name = "", count = "0", bytes = "10"] = Deno.args;
const memory = openFileMemory({ folder });
const padding = "x".repeat(Number(bytes));
const limit = Number(count) || Infinity;
for (let turn = 0; turn < limit; turn++) {
  // Few keys, so that most lines are soon of the past and the file is compacted again and again.
  await memory.set("shared:team", `${name}-${turn % 7}`, { turn, padding });
  console.log(turn);
}
await memory.close();
