"""The certified state (section 7): a hash tree whose labels part at the first bit in which they differ, and its root."""
import hashlib
from functools import lru_cache


def digest(kind, *parts):
    """Of a node: what it is made of, behind the name of its kind and the length of that."""
    name = f"ic-hashtree-{kind}".encode()
    return hashlib.sha256(b"".join([bytes([len(name)]), name, *parts])).digest()


def leaf(value):
    return digest("leaf", value)


def tree(labels):
    """The digest of a tree of these labels, each with the digest of what is below it."""
    nodes = sorted((label.encode(), digest("labeled", label.encode(), below)) for label, below in labels.items())
    return fork(nodes) if nodes else digest("empty")


def fork(nodes):
    """Of nodes in the order of their labels: the first and the last of them differ where not all agree."""
    if len(nodes) == 1: return nodes[0][1]
    first, last = nodes[0][0], nodes[-1][0]
    at = next(at for at in range(8 * max(len(first), len(last))) if bit(first, at) != bit(last, at))
    left = [node for node in nodes if bit(node[0], at) == 0]
    return digest("fork", fork(left), fork(nodes[len(left):]))


def bit(label, at):
    """Behind its end a label goes on with zeros."""
    return label[at // 8] >> (7 - at % 8) & 1 if at // 8 < len(label) else 0


def number(count):
    """LEB128: seven bits a byte, the lowest first."""
    return bytes([count]) if count < 128 else bytes([count & 127 | 128]) + number(count >> 7)


# What is the same as before has the same digest: these remember.
@lru_cache(maxsize=4096)
def of_canister(timer, pages):
    memory = tree({f"{page:016x}": leaf(bytes.fromhex(content)) for page, content in pages})
    return tree({"certified_data": leaf(b""), "memory": memory, "timer": leaf(b"" if timer is None else number(timer))})


@lru_cache(maxsize=4096)
def of_message(status):
    """A status is a word, `reply:` and the payload, or `reject:` and the error, whose number begins with the reject code."""
    word, _, rest = status.partition(":")
    if word == "reply": return tree({"status": leaf(b"replied"), "reply": leaf(bytes.fromhex(rest))})
    if word == "reject":
        return tree({"status": leaf(b"rejected"), "reject_code": leaf(number(int(rest[3]))), "error_code": leaf(rest.encode())})
    return tree({"status": leaf(word.encode())})


def state_root(time, canisters, history):
    """Put together anew each time. A faster machine keeps the forks, too, and replaces those above what changed."""
    below = {canister.id: of_canister(canister.timer, tuple(canister.pages.items())) for canister in canisters}
    statuses = {ingress: of_message(status) for ingress, (status, _) in history.items()}
    return tree({"time": leaf(number(time)), "canister": tree(below), "request_status": tree(statuses)}).hex()
