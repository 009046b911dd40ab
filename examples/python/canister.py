"""
One canister: what it holds (chapter 1 of `docs/machine.md`) and what its scripts may do (the table of instructions in
chapter 5). An execution changes the canister in place and keeps what it needs to take the changes back when it traps.
A machine that runs real code has something else behind `Execution.attempt`; the rest of `machine.py` stays as it is.
"""
from collections import deque, namedtuple

Call = namedtuple("Call", "origin callee method payload attached sent_at")  # a request or an ingress message
Response = namedtuple("Response", "caller callback result refund")
Callback = namedtuple("Callback", "context callee attached reserve scripts")


class Context:
    def __init__(self, origin, responded, available):
        self.origin, self.responded, self.available = origin, responded, available

    def take_available(self):
        """An answer takes all available cycles as its refund; from now on none are available."""
        refund, self.available = self.available, 0
        return refund


class Canister:
    def __init__(self, said):
        self.id = said["id"]
        self.allocation, self.freezing_threshold = said["computeAllocation"], said["freezingThreshold"]
        self.methods = {method["name"]: method["body"] for method in said["methods"]}
        self.on_timer = said["onTimer"]
        self.balance = int(said["balance"])
        self.pages, self.timer, self.task = {}, None, False
        self.inputs, self.outputs = deque(), deque()
        self.contexts, self.callbacks = {}, {}
        self.next_context = self.next_callback = 0
        self.accumulated_priority = 0

    def is_active(self):
        return self.task or len(self.inputs) > 0

    def has_open_calls(self, context):
        return any(callback.context == context for callback in self.callbacks.values())


class Trap(Exception):
    def __init__(self, error):
        super().__init__(error)
        self.error = error


def trap_when(condition, error):
    if condition:
        raise Trap(error)


def size(payload):
    """The bytes of a payload, which is hexadecimal text."""
    return len(payload) // 2


class Execution:
    """One message or task that runs on a canister, in a call context."""

    def __init__(self, machine, canister, number, cause, message="", refunded=0):
        self.machine, self.parameters, self.money = machine, machine.parameters, machine.money
        self.canister, self.number, self.context, self.cause = canister, number, canister.contexts[number], cause
        self.message, self.refunded = message, refunded
        self.in_cleanup = False
        self.used = 0
        self.remember()

    def attempt(self, script, limit):
        """Runs a script until the instructions used reach the limit. A trap is taken back; gives its error, or None."""
        try:
            self.run(script, limit)
            owed = 0 if self.cause["kind"] == "response" else self.money.threshold(self.canister)
            trap_when(self.canister.balance < owed, "IC0207")
            return None
        except Trap as trap:
            self.roll_back()
            return trap.error

    def remember(self):
        self.before = self.canister.balance, self.canister.timer, self.context.available
        self.pages_before = {}  # of the pages written: the content before, or None
        self.accepted = self.burned = 0
        self.calls, self.answer = [], None

    def roll_back(self):
        canister = self.canister
        canister.balance, canister.timer, self.context.available = self.before
        for page, content in self.pages_before.items():
            canister.pages[page] = content
            if content is None:
                del canister.pages[page]
        for call in self.calls:
            canister.outputs.pop()
            del canister.callbacks[call["callback"]]
        canister.next_callback -= len(self.calls)
        self.remember()

    def wrote(self):
        pages = self.canister.pages
        return [[page, pages[page]] for page in sorted(self.pages_before) if pages[page] != self.pages_before[page]]

    def run(self, script, limit):
        canister, context = self.canister, self.context
        may_answer = self.cause["kind"] != "timer" and not self.in_cleanup
        for said in script:
            op = said["op"]
            self.used += said["instructions"] if op == "consume" else 1
            if self.used > limit:
                self.used = limit
                raise Trap("IC0522")
            if op == "write":
                page, content = said["page"], self.value(said["value"])
                trap_when(not 0 <= page < self.parameters["maxPages"], "IC0502")
                trap_when(size(content) > self.parameters["pageSize"], "IC0502")
                self.pages_before.setdefault(page, canister.pages.get(page))
                canister.pages[page] = content
            elif op == "when-odd":
                last_digit = self.value(said["value"])[-1:]
                self.run(said["then" if last_digit and last_digit in "13579bdf" else "otherwise"], limit)
            elif op == "call":
                if not self.send(said):
                    self.run(said["onRefused"], limit)
            elif op == "accept":
                trap_when(not may_answer, "IC0504")
                cycles = min(int(said["cycles"]), context.available)
                context.available -= cycles
                canister.balance += cycles
                self.accepted += cycles
            elif op in ("reply", "reject"):
                trap_when(not may_answer or context.responded or self.answer, "IC0504")
                result = {"kind": "reject", "code": 4, "error": "IC0406"}
                if op == "reply":
                    result = {"kind": "reply", "payload": self.value(said["payload"])}
                    trap_when(size(result["payload"]) > self.parameters["maxPayload"], "IC0504")
                self.answer = result, context.take_available()
            elif op == "trap":
                raise Trap("IC0503")
            elif op == "burn":
                cycles = min(int(said["cycles"]), self.money.liquid(canister))
                canister.balance -= cycles
                self.burned += cycles
            elif op == "set-timer":
                canister.timer = None if said["after"] is None else self.machine.state.time + int(said["after"])
            elif op != "consume":
                raise ValueError(f"op: expected an instruction of spec/script.ts, got {op}")

    def send(self, said):
        """Sends a call, or gives False when it cannot be sent."""
        canister, money = self.canister, self.money
        payload, attached = self.value(said["payload"]), int(said["attached"])
        trap_when(self.in_cleanup, "IC0504")
        trap_when(size(payload) > self.parameters["maxPayload"], "IC0504")
        liquid, fee = money.liquid(canister), money.call(size(payload))
        trap_when(attached > liquid, "IC0520")
        open_calls = sum(callback.callee == said["callee"] for callback in canister.callbacks.values())
        if open_calls >= self.parameters["queueCapacity"] or attached + fee + money.reserve > liquid:
            return False
        canister.balance -= attached + fee + money.reserve
        number, canister.next_callback = canister.next_callback, canister.next_callback + 1
        canister.callbacks[number] = Callback(self.number, said["callee"], attached, money.reserve, said)
        origin = {"kind": "canister", "canister": canister.id, "callback": number}
        canister.outputs.append(Call(origin, said["callee"], said["method"], payload, attached, self.machine.state.height))
        self.calls.append({"callback": number, "callee": said["callee"], "method": said["method"], "bytes": size(payload),
                           "attached": str(attached), "fee": str(fee), "reserve": str(money.reserve)})
        return True

    def value(self, said):
        kind = said["kind"]
        if kind == "bytes":
            return said["bytes"]
        if kind == "message":
            return self.message
        if kind == "page":
            return self.canister.pages.get(said["page"], "")
        if kind == "time":
            return f"{self.machine.state.time:016x}"
        if kind == "balance":
            return f"{self.canister.balance:032x}"
        if kind == "available":
            return f"{self.context.available:032x}"
        if kind == "refunded":
            return f"{self.refunded:032x}"
        raise ValueError(f"value.kind: expected a value of spec/script.ts, got {kind}")
