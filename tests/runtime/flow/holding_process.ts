// A process that holds the story `s` until it is killed, and says when it has it:  FOLDER.
import { openFileStoryLock } from "../../../runtime/flow/file_story_lock.ts";
import { StoryFences } from "../../../runtime/flow/story_fence.ts";

const [folder = ""] = Deno.args;
await openFileStoryLock({ folder, fences: new StoryFences() }).hold("default", "s", async () => {
  console.log("held");
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
