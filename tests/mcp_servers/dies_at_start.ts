// A server that dies before it says anything, and says why on standard error.
console.error("Error: no API key is set");
Deno.exit(1);
