/**
 * Certificates: what a subnet hands to whoever reads its state is a part of the tree of that state, exactly as much of it as was
 * asked for; it is signed; and nobody between the subnet and the reader can make it say anything else.
 */
import {
  hex,
  lookUp,
  type CertificationEvent,
  type HashTree,
  type Input,
  type Lookup,
  type Observation,
  type Path,
  type Step,
} from "../../spec/index.ts";
import { certifyingWorlds } from "../arbitraries/certifying.ts";
import { alone } from "../case.ts";
import { closedFurther, forgeriesOf } from "../certified/forgeries.ts";
import { contentAt, contentOf, digestOf, treeGrower, type Content } from "../certified/tree.ts";
import { refusalOf, timePath, witnessOf } from "../certified/witness.ts";
import { certificationOf, certifies } from "../committee/signatures.ts";
import { watchedLaw, type Complaint } from "../tracking/watch.ts";
import type { World } from "../tracking/world.ts";
import { firstDifference } from "./comparison.ts";

type Read = Extract<Input, { readonly kind: "read-state" }>;
type Issued = Extract<CertificationEvent, { readonly kind: "certificate-issued" }>;

export const certificatesShowWhatIs = watchedLaw({
  id: "certificates-show-what-is",
  statement:
    "A read of the state is refused before the first round, for too many paths, for one that nobody may read, or for one of a message that another sent, as long as it is known who did, with the error of the first of these; else the certificate has the root of the state, shows the time and all that is at its paths, and that nothing is where nothing is, and holds digests of all else; and the read changes nothing.",
  source: "docs/machine.md section 7; facts/messages.md H8, H9, MSG-10.1.25, MSG-P16, X27; interface specification, read_state and lookup",
  cites: ["certificate-issue", "state-certify", "data-certify", "ingress-submit", "ingress-prune", "settings-update", "restart"],
  needs: ["certificates"],
  otherwise: "nobody read the state",
  cases: (vocabulary) => certifyingWorlds(vocabulary, { read: true }).map(alone),
  watch: () => {
    const grow = treeGrower();
    let before: Observation | null = null;
    let read = false;
    return {
      onEvent: (event, world, { input }) => {
        if (event.kind !== "certificate-issued" && event.kind !== "read-state-refused") return undefined;
        if (input.kind !== "read-state") return `a ${input.kind} was told as a read of the state`;
        read ||= event.kind === "certificate-issued";
        return misread(event, input, world, grow);
      },
      onStep: (step) => {
        const changed = step.input.kind === "read-state" && before !== null ? disturbed(step, before) : undefined;
        before = step.observation;
        return changed;
      },
      interested: () => read,
    };
  },
});

/** A certificate, or a refusal, against the world. */
const misread = (
  event: Exclude<CertificationEvent, { readonly kind: "data-certified" }>,
  read: Read,
  world: World,
  grow: (content: Content) => HashTree,
): Complaint => {
  const refusal = refusalOf(world, read);
  const told = event.kind === "read-state-refused" ? event.error : null;
  if (told !== refusal) return `a read was to be ${refusal ?? "answered"}, and was ${told ?? "answered"}`;
  if (event.kind === "read-state-refused") return undefined;
  const content = contentOf(world);
  const tree = grow(content);
  const root = digestOf(event.witness);
  if (root !== digestOf(tree)) return `the certificate has the root ${root}, and the state has ${digestOf(tree)}`;
  const asked = [...read.paths, timePath];
  const unseen = asked.flatMap((path) => missing(event.witness, path, contentAt(content, path)))[0];
  if (unseen !== undefined) return unseen;
  const difference = firstDifference(event.witness, witnessOf(tree, asked));
  return difference === null ? undefined : `the certificate for ${asked.map(pathText).join(", ")} was to be another: ${difference}`;
};

/** What a witness does not show of a path at which this is. */
const missing = (witness: HashTree, path: Path, content: Content | undefined): readonly string[] => {
  if (typeof content === "object") return [...content].flatMap(([label, below]) => missing(witness, [...path, label], below));
  const shown = lookUp(witness, path);
  const expected: Lookup = content === undefined ? { kind: "absent" } : { kind: "found", value: hex(content) };
  const difference = firstDifference(shown, expected);
  return difference === null ? [] : [`the certificate says of ${pathText(path)} something else than is: ${difference}`];
};

const pathText = (path: Path): string => path.join("/");

/** What a read changed. */
const disturbed = ({ observation }: Step, before: Observation): Complaint => {
  const { ledger, tokens, draws, stateRoot } = observation;
  const difference = firstDifference(
    { ledger, tokens, stateRoot },
    { ledger: before.ledger, tokens: before.tokens, stateRoot: before.stateRoot },
  );
  if (difference !== null) return `a read of the state changed something: ${difference}`;
  return draws.length === 0 ? undefined : `a read of the state drew ${draws.length} times`;
};

export const certificatesAreSigned = watchedLaw({
  id: "certificates-are-signed",
  statement:
    "Where there is a committee, the signature of a certificate is that of its root under the key of the subnet, as anybody can verify; where there is none, there is no signature.",
  source: "docs/machine.md sections 7 and 9; facts/messages.md J2, X27; interface specification, certification",
  cites: ["certificate-sign"],
  needs: ["certificates"],
  otherwise: "no certificate was issued",
  cases: (vocabulary) => certifyingWorlds(vocabulary, { read: true, signed: true }).map(alone),
  watch: ({ scenario: { genesis } }) => {
    const { committee } = genesis;
    let issued = 0;
    return {
      onEvent: (event) => {
        if (event.kind !== "certificate-issued") return undefined;
        issued++;
        const { signature, witness } = event;
        if (committee === undefined)
          return signature === null ? undefined : `there is no committee, and a certificate is signed with ${signature}`;
        if (signature === null) return "there is a committee, and a certificate is not signed";
        const root = digestOf(witness);
        if (signature !== certificationOf(committee, root)) return `${signature} is not the signature of the subnet for the root ${root}`;
        // There is one signature of a message, so the pairing, which is dear, is tried on the first alone.
        return issued > 1 || certifies(committee, root, signature) ? undefined : `${signature} does not verify for the root ${root}`;
      },
      interested: () => issued > 0,
    };
  },
});

export const aChangedLeafBreaksTheWitness = watchedLaw({
  id: "a-changed-leaf-breaks-the-witness",
  statement:
    "A witness has the state root, and none in which a single value, label or digest is another, something is left out or slipped in, or two sides are exchanged, has it too; and one in which more is pruned says the same of a path, or says that it does not know.",
  source: "docs/machine.md section 7; facts/messages.md X27; interface specification, certification",
  cites: ["certificate-issue", "state-certify"],
  needs: ["certificates"],
  otherwise: "no certificate could be compared with a state root",
  cases: (vocabulary) => certifyingWorlds(vocabulary, { read: true }).map(alone),
  watch: () => {
    let tried = false;
    return {
      onEvent: (event, _, { input, observation: { stateRoot } }) => {
        if (event.kind !== "certificate-issued" || input.kind !== "read-state" || stateRoot === null) return undefined;
        tried = true;
        const root = digestOf(event.witness);
        if (root !== stateRoot) return `the witness has the root ${root}, and the state root is ${stateRoot}`;
        return forged(event, stateRoot) ?? misleading(event, input);
      },
      interested: () => tried,
    };
  },
});

const forged = ({ witness }: Issued, root: string): Complaint => {
  const forgery = forgeriesOf(witness).find((changed) => digestOf(changed.witness) === root);
  return forgery === undefined ? undefined : `a witness in which ${forgery.what} has the root of the state, too`;
};

const misleading = ({ witness }: Issued, { paths }: Read): Complaint => {
  const distinct = [...new Map([...paths, timePath].map((path) => [pathText(path), path])).values()];
  for (const closed of closedFurther(witness))
    for (const path of distinct) {
      const [says, said] = [lookUp(closed.witness, path), lookUp(witness, path)];
      if (says.kind !== "unknown" && firstDifference(says, said) !== null)
        return `a witness in which ${closed.what} says ${says.kind} of ${pathText(path)}, and the whole says ${said.kind}`;
    }
  return undefined;
};
