import { doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { markdownHtml } from "../../../views/projects/markdown.ts";

const place = {
  linkTo: (path: string) => path.startsWith("..") ? undefined : `/file?path=${path}`,
  imageFrom: (path: string) => path.endsWith(".png") ? `/raw?path=${path}` : undefined,
  pictureText: (alt: string) => `Picture: ${alt}`,
};

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "a <b onclick=alert(1)>b</b>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<svg/onload=alert(1)>",
  "<!--><script>alert(1)</script>",
  "[a](javascript:alert(1))",
  "[a](JaVaScRiPt:alert(1))",
  "[a](java\tscript:alert(1))",
  "[a](&#106;avascript:alert(1))",
  "[a](javascript&colon;alert(1))",
  "[a](<javascript:alert(1)>)",
  "[a]( javascript:alert(1))",
  "[a](\u0001javascript:alert(1))",
  "[a](vbscript:x)",
  "[a](data:text/html,<script>alert(1)</script>)",
  "[a](file:///etc/passwd)",
  "[a](//evil.example/x)",
  "[a](\\\\evil.example/x)",
  "[a](/\\evil.example)",
  '[a](x "onmouseover=alert(1)")',
  '[a](https://x.example/"onmouseover="alert(1))',
  "<javascript:alert(1)>",
  "[a]\n\n[a]: javascript:alert(1)",
  "![a](https://evil.example/x.png)",
  "![a](//evil.example/x.png)",
  "![a](data:image/svg+xml,<svg onload=alert(1)>)",
  '![" onerror="alert(1)](a.png)',
  "![a](a.png \" onerror='alert(1)')",
  "```<script>\n</code></pre><script>alert(1)</script>\n```",
  '``` " onmouseover="alert(1)\nx\n```',
  "|a|\n|:-:|\n|<script>alert(1)</script>|",
  "# <script>alert(1)</script>",
  "[<img src=x onerror=alert(1)>](https://x.example)",
];

/** Tags and attributes that the renderer may write; whatever else looks like one is text. */
const TAGS =
  /^<\/?(?:p|h[2-6]|ul|ol(?: start="\d+")?|li|em|strong|s|code|hr|br|blockquote|table class="table"|table|thead|tbody|tr|th|td|span(?: class="muted")?|div(?: class="table-scroll" tabindex="0" role="group")?|pre(?: class="code-block" tabindex="0")?|a(?: href="(?:https?:\/\/|mailto:|\/file\?)[^"<>]*" rel="noopener noreferrer nofollow")?|img src="\/raw\?[^"<>]*" alt="[^"<>]*")>/;

Deno.test("markdownHtml() writes no tag, attribute or address but its own, whatever the text says", () => {
  for (const text of HOSTILE) {
    const html = markdownHtml(text, place);
    const foreign = [...html.matchAll(/<[^>]*>?/g)].filter(([tag]) => !TAGS.test(tag));
    strictEqual(foreign.join("\n"), "", `${text}\n${html}`);
  }
});

Deno.test("markdownHtml() shows a link that leads nowhere as its text", () => {
  match(markdownHtml("[the words](javascript:alert(1))", place), /<span>the words<\/span>/);
  match(markdownHtml("[up](../../etc/passwd)", place), /<span>up<\/span>/);
});

Deno.test("markdownHtml() leads links into the project, to the web and to mail", () => {
  const html = markdownHtml(
    "[a](notes/b%20c.md#x) [w](https://x.example/?a=1&b=2) [m](mailto:a@b.c)",
    place,
  );
  match(html, /href="\/file\?path=notes\/b c\.md"/);
  match(html, /href="https:\/\/x\.example\/\?a=1&amp;b=2"/);
  match(html, /href="mailto:a@b\.c"/);
});

Deno.test("markdownHtml() shows pictures of the project, and words for those from elsewhere", () => {
  const html = markdownHtml("![Ours](a.png) ![Theirs](https://x.example/a.png)", place);
  match(html, /<img src="\/raw\?path=a\.png" alt="Ours">/);
  match(html, /Picture: Theirs/);
  doesNotMatch(html, /x\.example/);
});

Deno.test("markdownHtml() ends on texts that are nested as deeply as they are long", () => {
  for (const text of ["> ", "- ", "[", "*a ", "`", "![", "<", "|a"]) {
    ok(markdownHtml(text.repeat(2_000), place).length > 0, text);
  }
});
