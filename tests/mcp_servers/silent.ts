// A server that takes its input and never answers.
for await (const _ of Deno.stdin.readable);
