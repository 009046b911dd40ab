"""
What a machine knows: the state of a subnet, the prices, and what of both can be seen from outside
(docs/machine.md, chapters 1, 2, 7 and 14).

Cycles and nanoseconds are exact integers in here and decimal texts on the wire; bytes are hexadecimal text everywhere.
"""
import hashlib
from collections import defaultdict, deque, namedtuple

SUBNET, MANAGEMENT = "subnet", "aaaaa-aa"

# A call of a user, of a canister, or of the system: the method of the last is the name of the task. `asked` is the
# height of the round that sent it, `expiry` the last time at which it may leave the queue in which it waits.
Call = namedtuple("Call", "origin callee method payload cycles asked expiry")
# It has the origin of the call that it answers. Its cycles are those that go back.
Response = namedtuple("Response", "origin respondent result cycles")
Callback = namedtuple("Callback", "context callee attached scripts")


def size(payload): return len(payload) // 2
def reply(payload): return {"kind": "reply", "payload": payload}
def reject(error): return {"kind": "reject", "code": int(error[3]), "error": error}
def is_response(message): return isinstance(message, Response)


class Context:
    def __init__(self, origin, available, status):
        self.origin, self.available, self.status = origin, available, status

    def is_open_call_of(self, caller): return self.is_open_call() and self.origin["canister"] == caller
    def is_open_call(self): return self.status == "open" and self.origin["kind"] == "canister"

    def take_available(self):
        """An answer takes all available cycles as its refund; from now on none are available."""
        refund, self.available = self.available, 0
        return refund


class Canister:
    def __init__(self, said, time):
        self.id, self.balance, self.accumulated_priority, self.charged_at = said["id"], int(said["balance"]), 0, time
        self.allocation, self.freezing_threshold = said["computeAllocation"], said["freezingThreshold"]
        self.has_code, self.pages, self.timer = True, {}, None
        self.methods = {method["name"]: method["body"] for method in said["methods"]}
        self.scripts = {"timer": said["onTimer"]}  # those of tasks
        if "onHeartbeat" in said: self.scripts["heartbeat"] = said["onHeartbeat"]
        self.tasks, self.turn, self.source = deque(), "timer", "local"
        self.ingress, self.inputs, self.outputs = deque(), defaultdict(deque), defaultdict(deque)  # the latter by peer
        self.senders = deque()  # the peers whose input queue is not empty, in the order in which they are served
        self.contexts, self.callbacks, self.next_context, self.next_callback = {}, {}, 0, 0

    def has_input(self): return bool(self.ingress or self.senders)
    def is_active(self): return bool(self.tasks or self.has_input())
    def open_calls(self, context): return sum(callback.context == context for callback in self.callbacks.values())
    def all_inputs(self): return [message for queue in self.inputs.values() for message in queue]
    def all_outputs(self): return [message for queue in self.outputs.values() for message in queue]

    def put(self, peer, message):
        if not self.inputs[peer]: self.senders.append(peer)
        self.inputs[peer].append(message)

    def take(self):
        """Gives the next input. Behind ingress comes the turn of remote senders: with none of them, the local ones'."""
        if self.ingress and (self.source == "ingress" or not self.senders):
            self.source = "local"
            return self.ingress.popleft()
        self.source, peer = "ingress", self.senders.popleft()
        message = self.inputs[peer].popleft()
        if self.inputs[peer]: self.senders.append(peer)
        return message


class Subnet:
    def __init__(self, genesis):
        self.parameters, self.height, self.time = genesis["parameters"], 0, int(genesis["time"])
        in_order = sorted(genesis["canisters"], key=lambda said: said["id"])
        self.canisters = {said["id"]: Canister(said, self.time) for said in in_order}
        self.history = {}  # ingress id to status, as chapter 7 writes it, and the time of the answer if there is one
        self.pool, self.waiting_randomness = deque(), deque()
        self.stream, self.stream_begin = [], 0  # the loopback stream, and the index of its first message
        self.minted = sum(canister.balance for canister in self.canisters.values())
        self.burned, self.sent, self.received = 0, 0, 0
        words = {"name", "ingressScaled", "schedule"}
        self.fees = {name: fee if name in words else int(fee) for name, fee in self.parameters["fees"].items()}
        self.limit, self.overhead = self.parameters["messageInstructionLimit"], self.parameters["messageOverhead"]
        self.max_payload = self.parameters["maxPayload"]
        self.prepayment = self.scale(self.fees["execution"] + self.instruction_fee(self.limit))
        self.transmission_reserve = self.transmission_fee(self.max_payload)
        self.reserve = self.transmission_reserve + self.prepayment

    # ------------------------------------------------------------ 2. Money
    def scale(self, cycles):
        if self.fees["schedule"] == "free": return 0
        return cycles * self.fees["subnetSize"] // self.fees["referenceSubnetSize"]

    def reception_fee(self, size):
        message, byte = self.fees["ingress"], self.fees["ingressByte"]
        is_sum = self.fees["ingressScaled"] == "together"
        return self.scale(message + byte * size) if is_sum else self.scale(message) + self.scale(byte) * size

    def instruction_fee(self, count): return self.fees["tenInstructions"] * count // 10
    def transmission_fee(self, size): return self.scale(self.fees["transmissionByte"] * size)
    def call_fee(self, size): return self.scale(self.fees["call"]) + self.transmission_fee(size)
    def liquid(self, canister): return max(0, canister.balance - self.threshold(canister))
    def can_pay(self, canister, cycles): return canister.balance >= self.threshold(canister) + cycles

    def threshold(self, canister):
        return (self.memory_day(canister) + self.compute_day(canister)) * canister.freezing_threshold // 86400

    def memory_day(self, canister):
        memory = len(canister.pages) * self.parameters["pageSize"]
        if memory == 0: return 0
        storage = self.scale(memory * self.fees["gibSecond"] * 86400 // 2**30)
        return storage + self.scale(self.fees["baseSecond"] * 86400)

    def compute_day(self, canister): return self.scale(self.fees["percentSecond"] * canister.allocation * 86400)

    def settle(self, canister, used):
        """Gives what is burned of the prepayment."""
        refund = min(self.scale(self.instruction_fee(self.limit - used)), self.prepayment)
        canister.balance += refund
        self.burned += self.prepayment - refund
        return self.prepayment - refund

    # ------------------------------------------------------------ 14. Charges
    def charge(self):
        """Charges each canister for which it is time; gives those that cannot pay, in the order of their ids."""
        due = [canister for canister in self.canisters.values()
               if self.time - canister.charged_at >= int(self.parameters["chargePeriod"])]
        ran_dry, paid = [], {"memory": 0, "compute": 0}
        for canister in due:
            seconds, canister.charged_at = (self.time - canister.charged_at) // 10**9, self.time
            for name, day in ("memory", self.memory_day(canister)), ("compute", self.compute_day(canister)):
                price = day * seconds // 86400
                if canister.balance < price:  # then nothing is taken for it, and what would come next is not tried
                    ran_dry.append(canister)
                    break
                canister.balance -= price
                paid[name] += price
        self.burned += sum(paid.values())
        if due: self.emit("resources-charged", canisters=len(due), **paid)
        return ran_dry

    # ------------------------------------------------------------ What can be seen
    DECIMAL = {"accepted", "balance", "burned", "charged", "compute", "cycles", "fee", "memory", "prepaid", "refund",
               "refunded", "released", "time", "timer", "transmissionFee", "transmissionReserve"}  # they can pass 2^53

    def emit(self, kind, **fields):
        texts = {name: str(fields[name]) for name in self.DECIMAL & fields.keys() if fields[name] is not None}
        self.events.append({"kind": kind, **fields, **texts})

    def ledger(self):
        canisters = self.canisters.values()
        queued = [message for canister in canisters for message in canister.all_inputs() + canister.all_outputs()]
        places = {"balances": sum(canister.balance for canister in canisters),
                  "messages": sum(message.cycles for message in [*queued, *self.waiting_randomness]),
                  "contexts": sum(context.available for holder in canisters for context in holder.contexts.values()),
                  "callbacks": sum(self.reserve * len(canister.callbacks) for canister in canisters),
                  "executions": 0, "burned": self.burned, "lost": 0, "sent": self.sent, "received": self.received,
                  "minted": self.minted}
        return {place: str(cycles) for place, cycles in places.items()}

    def state_root(self):
        """Computed anew each time. A faster machine keeps the digests, and replaces those that changed."""
        texts = [f"ingress {ingress} {status}" for ingress, (status, _) in self.history.items()]
        for canister in self.canisters.values():
            pages = ",".join(f"{page}:{content}" for page, content in sorted(canister.pages.items()))
            timer = "-" if canister.timer is None else canister.timer
            texts.append(f"canister {canister.id} {timer} {pages}")
        return f"{sum(int(hashlib.sha256(text.encode()).hexdigest(), 16) for text in texts) % 2**256:064x}"
