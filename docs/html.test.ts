/** Markup comes from templates alone: whatever is put into one is shown as it was written. */
import { expect, test } from "vitest";
import { highlight } from "./highlight.ts";
import { escapeHtml, html } from "./html.ts";
import { escapeMarkdown } from "./pages/markdown.ts";

test("a text in a template cannot become markup, nor leave its attribute", () => {
  const hostile = `<script>alert("x")</script>' onload='y`;
  const { markup } = html`<p title="${hostile}">${hostile}</p>`;
  expect(markup.match(/</g)).toHaveLength(2);
  expect(markup.match(/"/g)).toHaveLength(2);
  expect(markup).not.toContain("'");
});

test("templates nest, lists join, null is nothing", () => {
  const items = ["a", "&"].map((text) => html`<b>${text}</b>`);
  expect(html`<i>${items}${null}${3}</i>`.markup).toBe("<i><b>a</b><b>&#38;</b>3</i>");
});

test("escaping keeps what means nothing", () => expect(escapeHtml("a · b = c/d")).toBe("a · b = c/d"));

test("code is coloured and escaped, and loses no character", () => {
  const code = 'const one = `a${b < 1n ? "x" : /* why */ 2}`; // <end>\n';
  const { markup } = highlight(code);
  const text = markup.replace(/<[^>]*>/g, "").replace(/&#(\d+);/g, (_, point: string) => String.fromCharCode(Number(point)));
  expect(text).toBe(code);
  expect(markup).toContain('<span class="t-keyword">const</span>');
});

test("a text in Markdown is no markup", () => expect(escapeMarkdown("[a](b) `c` <d>")).toBe("\\[a\\](b) \\`c\\` \\<d\\>"));
