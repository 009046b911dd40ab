/**
 * The model's line under each clause. A transition of the model names the rule that it makes executable and gives one
 * property for each clause; here these are cut out of the source by the compiler's own parser, together with the words
 * of the model that the lines use, so that a page shows what really runs.
 */
import ts from "typescript";

export interface ModelFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A cut of a source file. */
export interface Excerpt {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly code: string;
}

export interface TransitionSource {
  /** The name of the transition in the model. */
  readonly name: string;
  readonly path: string;
  readonly line: number;
  /** The type of what the transition is told. */
  readonly args: string;
  /** By `when.clause` and `then.clause`. */
  readonly clauses: ReadonlyMap<string, Excerpt>;
  /** The definitions that the lines use, in the order in which they are met. */
  readonly words: readonly (Excerpt & { readonly name: string })[];
}

/**
 * Every transition of the model, by the name under which spec exports its rule.
 * @throws Error when a transition is not written in the form that can be cut.
 */
export const transitionsOf = (files: readonly ModelFile[]): ReadonlyMap<string, TransitionSource> => {
  const parsed = new Map(
    files.map((file) => [file.path, ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true)] as const),
  );
  const found = new Map<string, TransitionSource>();
  for (const file of parsed.values())
    for (const statement of file.statements)
      for (const declared of declarationsOf(statement)) {
        const call = transitionCall(declared);
        if (call === null) continue;
        const rule = importedName(file, call.rule);
        if (found.has(rule)) throw new Error(`${place(file, declared)}: a second transition for ${rule}`);
        found.set(rule, transitionOf(parsed, file, declared, call));
      }
  return found;
};

interface TransitionCall {
  readonly rule: string;
  readonly args: ts.TypeNode | undefined;
  readonly body: ts.ObjectLiteralExpression;
}

/** `transition(rule)<Args>({ when, then })`, or `null` when a declaration is something else. */
const transitionCall = ({ initializer }: ts.VariableDeclaration): TransitionCall | null => {
  if (initializer === undefined || !ts.isCallExpression(initializer)) return null;
  const { expression: inner, typeArguments, arguments: given } = initializer;
  if (!ts.isCallExpression(inner) || !ts.isIdentifier(inner.expression) || inner.expression.text !== "transition") return null;
  const [rule] = inner.arguments;
  const [body] = given;
  if (rule === undefined || !ts.isIdentifier(rule) || body === undefined || !ts.isObjectLiteralExpression(body))
    throw new Error(`${place(initializer.getSourceFile(), initializer)}: expected transition(rule)<Args>({ when: {…}, then: {…} })`);
  return { rule: rule.text, args: typeArguments?.[0], body };
};

const transitionOf = (
  files: ReadonlyMap<string, ts.SourceFile>,
  file: ts.SourceFile,
  declared: ts.VariableDeclaration,
  { args, body }: TransitionCall,
): TransitionSource => {
  const clauses = new Map<string, Excerpt>();
  for (const kind of ["when", "then"]) {
    const part = body.properties.find((property) => property.name?.getText(file) === kind);
    if (part === undefined || !ts.isPropertyAssignment(part) || !ts.isObjectLiteralExpression(part.initializer))
      throw new Error(`${place(file, declared)}: expected "${kind}" to be written out`);
    for (const clause of part.initializer.properties) {
      if (clause.name === undefined || ts.isSpreadAssignment(clause) || ts.isShorthandPropertyAssignment(clause))
        throw new Error(`${place(file, clause)}: a clause needs a line of its own`);
      clauses.set(`${kind}.${clause.name.getText(file)}`, excerptOf(file, clause));
    }
  }
  return {
    name: declared.name.getText(file),
    path: file.fileName,
    line: lineOf(file, declared),
    args: args === undefined ? "" : dedent(args.getText(file), columnOfLine(file, args)),
    clauses,
    words: wordsOf(files, file, body, declared.name.getText(file)),
  };
};

/** The definitions that a tree uses: those of its own file all the way down, and those that it imports from the model one step. */
const wordsOf = (
  files: ReadonlyMap<string, ts.SourceFile>,
  file: ts.SourceFile,
  tree: ts.Node,
  self: string,
): TransitionSource["words"] => {
  const found = new Map<string, Excerpt & { readonly name: string }>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text !== self && !found.has(node.text) && !isMemberName(node)) {
      const here = definitionOf(file, node.text);
      if (here !== undefined) {
        found.set(node.text, { name: node.text, ...excerptOf(file, here) });
        visit(here);
      } else {
        const elsewhere = importedDefinition(files, file, node.text);
        if (elsewhere !== undefined) found.set(node.text, { name: node.text, ...excerptOf(elsewhere.getSourceFile(), elsewhere) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return [...found.values()];
};

/** The statement of a file that defines a function or a constant; transitions and types are not words. */
const definitionOf = (file: ts.SourceFile, name: string): ts.Statement | undefined =>
  file.statements.find(
    (statement) =>
      (ts.isFunctionDeclaration(statement) && statement.name?.text === name) ||
      declarationsOf(statement).some((declared) => declared.name.getText(file) === name && transitionCall(declared) === null),
  );

const importedDefinition = (files: ReadonlyMap<string, ts.SourceFile>, file: ts.SourceFile, name: string): ts.Statement | undefined => {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const specifier = bindings.elements.find((element) => element.name.text === name);
    if (specifier === undefined) continue;
    const from = new URL(statement.moduleSpecifier.text, `file:///${file.fileName}`).pathname.slice(1);
    const target = files.get(from);
    return target === undefined ? undefined : definitionOf(target, (specifier.propertyName ?? specifier.name).text);
  }
  return undefined;
};

/** What a file calls `name` is exported under this name by where it comes from. */
const importedName = (file: ts.SourceFile, name: string): string => {
  for (const statement of file.statements) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const specifier = bindings.elements.find((element) => element.name.text === name);
    if (specifier !== undefined) return (specifier.propertyName ?? specifier.name).text;
  }
  return name;
};

const declarationsOf = (statement: ts.Statement): readonly ts.VariableDeclaration[] =>
  ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];

/** The name of a property is no use of a definition. */
const isMemberName = (node: ts.Identifier): boolean =>
  (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
  (ts.isPropertyAssignment(node.parent) && node.parent.name === node);

/** The text of a node with the comments before it, moved to the left margin. */
const excerptOf = (file: ts.SourceFile, node: ts.Node): Excerpt => {
  const comments = ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? [];
  const start = comments[0]?.pos ?? node.getStart(file);
  const code = file.text.slice(start, node.getEnd());
  return { path: file.fileName, line: lineOf(file, node), code: dedent(code, columnOfLine(file, node)) };
};

const lineOf = (file: ts.SourceFile, node: ts.Node): number => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;

/** How far the line on which a node begins is indented. */
const columnOfLine = (file: ts.SourceFile, node: ts.Node): number => {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  const from = file.getPositionOfLineAndCharacter(line, 0);
  return /^ */.exec(file.text.slice(from))![0].length;
};

const dedent = (code: string, columns: number): string =>
  code.replace(new RegExp(`\\n {1,${Math.max(1, columns)}}`, "g"), columns === 0 ? "$&" : "\n");

const place = (file: ts.SourceFile, node: ts.Node): string => `${file.fileName}:${lineOf(file, node)}`;
