"""The certified state (section 7): a hash tree whose labels part at the first bit in which they differ, and its root."""
import hashlib


def digest(kind, *parts):
    """Of a node: what it is made of, behind the name of its kind and the length of that."""
    name = f"ic-hashtree-{kind}".encode()
    return hashlib.sha256(b"".join([bytes([len(name)]), name, *parts])).digest()


def tree(labels):
    """The digest of a tree of these labels, each with what is below it: the bytes of a value, or labels again."""
    def below(part):
        return tree(part) if isinstance(part, dict) else digest("leaf", part)

    nodes = sorted((label.encode(), digest("labeled", label.encode(), below(part))) for label, part in labels.items())
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
    low = [count & 127] if count < 128 else [count & 127 | 128]
    return bytes(low) + (number(count >> 7) if count >= 128 else b"")


def of_canister(canister):
    pages = {f"{page:016x}": bytes.fromhex(content) for page, content in canister.pages.items()}
    timer = b"" if canister.timer is None else number(canister.timer)
    return {"certified_data": b"", "memory": pages, "timer": timer}


def of_message(status):
    """A status is a word, `reply:` and the payload, or `reject:` and the error."""
    word, _, rest = status.partition(":")
    if word == "reply": return {"status": b"replied", "reply": bytes.fromhex(rest)}
    if word == "reject":  # The reject code is the first digit of the number of the error.
        return {"status": b"rejected", "reject_code": number(int(rest[2:][1])), "error_code": rest.encode()}
    return {"status": word.encode()}


def state_root(time, canisters, history):
    """Computed anew each time. A faster machine keeps the digests, and replaces those that changed."""
    return tree({"time": number(time),
                 "canister": {canister.id: of_canister(canister) for canister in canisters},
                 "request_status": {ingress: of_message(status) for ingress, (status, _) in history.items()}}).hex()
