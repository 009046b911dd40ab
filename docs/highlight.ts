/**
 * TypeScript as coloured HTML. The compiler's own classifier says what a word is; the page needs no script and no
 * library to show it.
 */
import ts from "typescript";
import { html, type Content, type Html } from "./html.ts";

/** A piece of TypeScript, as lines of spans with a class for each kind of word. */
export const highlight = (code: string): Html => {
  const { spans } = ts.createClassifier().getEncodedLexicalClassifications(code, ts.EndOfLineState.None, false);
  const pieces: Content[] = [];
  let from = 0;
  for (let at = 0; at + 2 < spans.length; at += 3) {
    const [start, length, kind] = [spans[at]!, spans[at + 1]!, spans[at + 2]! as ts.ClassificationType];
    const name = classes[kind];
    if (name === undefined) continue;
    pieces.push(code.slice(from, start), html`<span class="${name}">${code.slice(start, start + length)}</span>`);
    from = start + length;
  }
  pieces.push(code.slice(from));
  return html`<pre><code>${pieces}</code></pre>`;
};

const classes: Readonly<Partial<Record<ts.ClassificationType, string>>> = {
  [ts.ClassificationType.comment]: "t-comment",
  [ts.ClassificationType.keyword]: "t-keyword",
  [ts.ClassificationType.numericLiteral]: "t-number",
  [ts.ClassificationType.bigintLiteral]: "t-number",
  [ts.ClassificationType.stringLiteral]: "t-string",
  [ts.ClassificationType.regularExpressionLiteral]: "t-string",
};
