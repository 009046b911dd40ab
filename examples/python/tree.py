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
    nodes = sorted((bits(label), digest("labeled", label.encode(), below)) for label, below in labels.items())
    return fork(nodes) if nodes else digest("empty")


def bits(label):
    """A label of at most 32 bytes goes on with zeros behind its end."""
    return int.from_bytes(label.encode().ljust(32, b"\0"), "big")


def fork(nodes):
    """Of nodes in the order of their labels. Where not all agree, the first and the last of them differ."""
    if len(nodes) == 1: return nodes[0][1]
    at = (nodes[0][0] ^ nodes[-1][0]).bit_length() - 1
    right = next(place for place, (label, _) in enumerate(nodes) if label >> at & 1)
    return digest("fork", fork(nodes[:right]), fork(nodes[right:]))


def number(count):
    """LEB128: seven bits a byte, the lowest first."""
    return bytes([count]) if count < 128 else bytes([count & 127 | 128]) + number(count >> 7)


# What is the same as before has the same digest: these remember.
@lru_cache(maxsize=4096)
def of_canister(controllers, timer, pages):
    memory = tree({f"{page:016x}": leaf(bytes.fromhex(content)) for page, content in pages})
    return tree({"certified_data": leaf(b""), "controllers": leaf(controllers.encode()), "memory": memory,
                 "timer": leaf(b"" if timer is None else number(timer))})


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
    below = {canister.id: of_canister(canister.controllers, canister.timer, tuple(canister.pages.items())) for canister in canisters}
    statuses = {ingress: of_message(status) for ingress, (status, _) in history.items()}
    return tree({"time": leaf(number(time)), "canister": tree(below), "request_status": tree(statuses)}).hex()
