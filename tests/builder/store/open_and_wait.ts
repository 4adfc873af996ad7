// A process that has the store of a folder open until it is killed:  open_and_wait.ts FOLDER
import { openStore } from "../../../builder/store/open_store.ts";

const store = await openStore(Deno.args[0] ?? "");
console.log("open", await store.users.count());
await new Promise(() => setInterval(() => {}, 60_000));
