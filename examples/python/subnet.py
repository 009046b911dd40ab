"""
What a machine knows: the state of a subnet, what its canisters occupy and pay for that, and what of it can be seen from
outside (docs/machine.md, chapters 1, 2, 7 and 14). What things cost is in `prices.py`.

Cycles and nanoseconds are exact integers in here and decimal texts on the wire; bytes are hexadecimal text everywhere.
"""
from collections import defaultdict, deque, namedtuple

from prices import DAY, Prices

SUBNET, MANAGEMENT = "subnet", "aaaaa-aa"
USUAL_RESERVED_LIMIT = 5_000_000_000_000

# A call of a user, of a canister, or of the system: the method of the last is the name of the task. `asked` is the
# height of the round that sent it, `expiry` the last time at which it may leave the queue in which it waits.
Call = namedtuple("Call", "origin callee method payload cycles asked expiry")
# It has the origin of the call that it answers. Its cycles are those that go back.
Response = namedtuple("Response", "origin respondent result cycles")
# What it holds is for the transmission of the response and for its execution, at the prices of its call.
Callback = namedtuple("Callback", "context callee attached transmission execution scripts")


def size(payload): return len(payload) // 2
def reply(payload): return {"kind": "reply", "payload": payload}
def reject(error): return {"kind": "reject", "code": int(error[3]), "error": error}
def is_response(message): return isinstance(message, Response)
def is_request(message): return not is_response(message) and message.origin["kind"] == "canister"
def reply_size(message): return size(message.result.get("payload", "")) if is_response(message) else 0


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
    def __init__(self, said, balance, time, heap_pages, room):
        self.id, self.balance, self.accumulated_priority, self.charged_at = said["id"], balance, 0, time
        self.reserved, self.reserved_limit = 0, int(said.get("reservedLimit", USUAL_RESERVED_LIMIT))
        self.allocation, self.freezing_threshold = said["computeAllocation"], said["freezingThreshold"]
        self.controllers = " ".join(sorted(said.get("controllers", [])))
        self.has_code, self.pages, self.timer, self.version = True, {}, None, 0
        self.heap_pages, self.stable_pages = heap_pages, min(room, said.get("stablePages", 0))
        self.methods = {method["name"]: method["body"] for method in said["methods"]}
        self.scripts = {"timer": said["onTimer"]}  # those of tasks
        if "onHeartbeat" in said: self.scripts["heartbeat"] = said["onHeartbeat"]
        self.tasks, self.turn, self.source = deque(), "timer", "local"
        self.ingress, self.inputs, self.outputs = deque(), defaultdict(deque), defaultdict(deque)  # the latter by peer
        self.senders = deque()  # the peers whose input queue is not empty, in the order in which they are served
        self.contexts, self.callbacks, self.next_context, self.next_callback = {}, {}, 0, 0
        self.under_way = None  # of `execution.py`; between turns it is an execution that needs another slice
        self.messages_since = 0  # while it is executed: bytes of messages that came since the attempt began, less those that went
        self.rests = False  # since it finished such an execution, for the rest of the round

    @property
    def pages_in_use(self): return sum(page < self.heap_pages for page in self.pages) + self.stable_pages

    def has_input(self): return bool(self.ingress or self.senders)
    def is_active(self): return bool(self.under_way or not self.rests and (self.tasks or self.has_input()))
    def open_calls(self, context): return sum(callback.context == context for callback in self.callbacks.values())
    def queued_inputs(self): return [message for queue in self.inputs.values() for message in queue]
    def all_outputs(self): return [message for queue in self.outputs.values() for message in queue]

    def all_inputs(self):
        """Requests and responses; what was taken and is not executed yet counts as if it were still queued."""
        taken = [self.under_way.message] if self.under_way else []
        return self.queued_inputs() + [message for message in taken if is_response(message) or is_request(message)]

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

    def pay(self, price):
        """From what is set aside first."""
        drawn = min(self.reserved, price)
        self.reserved -= drawn
        self.balance -= price - drawn


class Subnet:
    def __init__(self, genesis):
        self.parameters, self.height, self.time = genesis["parameters"], 0, int(genesis["time"])
        self.prices = Prices(self.parameters["fees"], self.parameters)
        self.minted, self.burned, self.sent, self.received = 0, 0, 0, 0
        self.canisters, self.room = {}, max(0, self.parameters["maxPages"] - self.parameters["heapPages"])  # for stable memory
        for said in genesis["canisters"]: self.add_canister(said, int(said["balance"]))
        self.history = {}  # ingress id to status, as chapter 7 writes it, and the time of the answer if there is one
        self.pool, self.waiting_randomness = deque(), deque()
        self.stream, self.stream_begin = [], 0  # the loopback stream, and the index of its first message
        self.limit, self.overhead = self.parameters["messageInstructionLimit"], self.parameters["messageOverhead"]
        self.slice = min(self.parameters["sliceInstructionLimit"], self.limit)
        self.max_payload, self.page_size = self.parameters["maxPayload"], self.parameters["pageSize"]

    def add_canister(self, said, balance):
        self.canisters[said["id"]] = Canister(said, balance, self.time, self.parameters["heapPages"], self.room)
        self.canisters = dict(sorted(self.canisters.items()))
        self.minted += int(said["balance"])
        return self.canisters[said["id"]]

    # ------------------------------------------------------------ 2. Money
    def memory(self, canister): return canister.pages_in_use * self.page_size

    def memory_for_messages(self, canister):
        """Of the responses, without those in streams: each has its place, at either end, before it exists."""
        inputs, contexts = canister.all_inputs(), canister.contexts.values()
        answered = sum(is_response(message) for message in inputs)
        places = len(canister.callbacks) - answered + len(inputs) - answered
        places += sum(context.is_open_call() for context in contexts)
        return places * self.max_payload + sum(map(reply_size, inputs + canister.all_outputs()))

    def threshold(self, canister, more_for_messages=0):
        messages = self.memory_for_messages(canister) + more_for_messages - canister.messages_since
        day = (self.prices.memory_day(self.memory(canister)) + self.prices.messages_day(messages)
               + self.prices.compute_day(canister.allocation))
        return max(0, day * canister.freezing_threshold // DAY - canister.reserved)

    def liquid(self, canister): return max(0, canister.balance - self.threshold(canister))
    def can_pay(self, canister, cycles): return canister.balance >= self.threshold(canister) + cycles

    # ------------------------------------------------------------ 14. Charges
    def charge(self):
        """Charges each canister for which it is time; gives those that cannot pay, in the order of their ids."""
        due = [canister for canister in self.canisters.values()
               if not canister.under_way and self.time - canister.charged_at >= int(self.parameters["chargePeriod"])]
        ran_dry, paid = [], {"memory": 0, "messages": 0, "compute": 0}
        for canister in due:
            seconds, canister.charged_at = (self.time - canister.charged_at) // 10**9, self.time
            days = {"memory": self.prices.memory_day(self.memory(canister)),
                    "messages": self.prices.messages_day(self.memory_for_messages(canister)),
                    "compute": self.prices.compute_day(canister.allocation)}
            for name, day in days.items():
                price = day * seconds // DAY
                if canister.balance + canister.reserved < price:  # then nothing is taken for it, and what is next not tried
                    ran_dry.append(canister)
                    break
                canister.pay(price)
                paid[name] += price
        self.burned += sum(paid.values())
        if due: self.emit("resources-charged", canisters=len(due), **paid)
        return ran_dry

    # ------------------------------------------------------------ What can be seen
    DECIMAL = {"accepted", "balance", "burned", "charged", "compute", "cycles", "fee", "memory", "messages", "postponed",
               "prepaid", "refund", "refunded", "released", "reserved", "returned", "taken", "time", "timer",
               "transmissionFee", "transmissionReserve"}  # they can pass 2^53

    def emit(self, kind, **fields):
        texts = {name: str(fields[name]) for name in self.DECIMAL & fields.keys() if fields[name] is not None}
        self.events.append({"kind": kind, **fields, **texts})

    def ledger(self):
        canisters = self.canisters.values()
        queued = [message for canister in canisters for message in canister.queued_inputs() + canister.all_outputs()]
        callbacks = [callback for canister in canisters for callback in canister.callbacks.values()]
        under_way = [canister.under_way for canister in canisters if canister.under_way]
        places = {"balances": sum(canister.balance for canister in canisters),
                  "reserved": sum(canister.reserved for canister in canisters),
                  "messages": sum(message.cycles for message in [*queued, *self.waiting_randomness]),
                  "contexts": sum(context.available for holder in canisters for context in holder.contexts.values()),
                  "callbacks": sum(callback.transmission + callback.execution for callback in callbacks),
                  "executions": sum(work.prepaid + work.message.cycles for work in under_way),
                  "float": 0, "burned": self.burned, "lost": 0, "sent": self.sent, "received": self.received,
                  "minted": self.minted}
        return {place: str(cycles) for place, cycles in places.items()}
