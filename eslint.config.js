/**
 * Lint: what the compiler lets pass and the house does not. Rooms whose answers must depend on their inputs alone may
 * not look at a clock, at chance or at the process; promises are awaited; unions are switched over in full; units come
 * from their constructors.
 */
import tseslint from "typescript-eslint";

const clockOrChance = ["Date", "performance", "setTimeout", "setInterval", "setImmediate", "queueMicrotask", "requestAnimationFrame"];
const machineOnly = ["process", "Buffer", "global", "__dirname", "__filename", "require", "navigator", "window", "document", "console"];

const deterministic = {
  "no-restricted-globals": [
    "error",
    ...[...clockOrChance, ...machineOnly, "crypto"].map((name) => ({
      name,
      message: "An answer depends on inputs alone, and this room also runs in a browser: time and tape come with the input.",
    })),
  ],
  "no-restricted-properties": [
    "error",
    { object: "Math", property: "random", message: "Chance comes from the tape, or from the seed of a run." },
    { object: "globalThis", property: "Date" },
    { object: "globalThis", property: "performance" },
    { object: "globalThis", property: "process" },
    { object: "globalThis", property: "crypto" },
  ],
};

const units = "Cycles|Nanoseconds|Instructions|Percent|Height|Bytes|Seconds|Hex|CanisterId|IngressId";

const words = {
  "no-restricted-syntax": [
    "error",
    {
      selector: `TSAsExpression > TSTypeReference > Identifier[name=/^(${units})$/]`,
      message: "A unit comes from its constructor, which checks it.",
    },
    { selector: "TSEnumDeclaration", message: "Write a union of literals." },
    { selector: "TSModuleDeclaration", message: "Write a module." },
    { selector: "ExportDefaultDeclaration", message: "Give it a name." },
    { selector: "TSParameterProperty", message: "Write the field." },
  ],
};

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", "coverage/", "docs/site/", ".canon/", "vectors/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports", disallowTypeAnnotations: false }],
      "@typescript-eslint/no-base-to-string": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-implied-eval": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-unsafe-argument": "error",
      "@typescript-eslint/no-unsafe-assignment": "error",
      "@typescript-eslint/no-unsafe-call": "error",
      "@typescript-eslint/no-unsafe-member-access": "error",
      "@typescript-eslint/no-unsafe-return": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/prefer-readonly": "error",
      "@typescript-eslint/require-array-sort-compare": "error",
      "@typescript-eslint/restrict-plus-operands": "error",
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true, allowDefaultCaseForExhaustiveSwitch: true },
      ],
      "no-console": "off",
      "no-constant-binary-expression": "error",
      "no-eval": "error",
      "no-fallthrough": "error",
      "no-self-compare": "error",
      "no-unreachable-loop": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      ...words,
    },
  },
  {
    files: ["{spec,model,impl,properties}/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: deterministic,
  },
  {
    // Here a default is no excuse: every member of a union is named. A law may pass over the events that it does not judge.
    files: ["{spec,model,impl}/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true, allowDefaultCaseForExhaustiveSwitch: true },
      ],
    },
  },
  {
    files: ["conformance/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: { "no-console": "error", "no-restricted-properties": deterministic["no-restricted-properties"].slice(0, 2) },
  },
  {
    // Where the constructors themselves live.
    files: ["spec/units.ts", "spec/identifiers.ts"],
    rules: {
      "no-restricted-syntax": ["error", ...words["no-restricted-syntax"].slice(2)],
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
    },
  },
  {
    // A test says what it expects of a value; the types of what it reads from elsewhere are not the point.
    files: ["**/*.test.ts"],
    rules: { "@typescript-eslint/no-unsafe-assignment": "off", "@typescript-eslint/no-unsafe-member-access": "off" },
  },
  { files: ["*.config.ts"], rules: { "no-restricted-syntax": "off" } },
);
