#!/usr/bin/env python3
"""
A machine for Canon: it follows `docs/machine.md` chapter by chapter and speaks `canon/1` on standard input and output.
It is written to be read by somebody who writes such a machine in another language. What one canister holds and may do
is in `canister.py`, what things cost (chapter 2) in `money.py`. Cycles and nanoseconds are exact integers in here and
decimal texts on the wire; bytes are hexadecimal text.
"""
import hashlib
import json
import pickle
import sys

from canister import Call, Canister, Context, Execution, Response, size
from money import Money

# ------------------------------------------------------------ 1. State


class State:
    """All that a restart must keep; what a Machine holds beside it can be made from it again."""

    def __init__(self, genesis):
        self.parameters = genesis["parameters"]
        self.height, self.time = 0, int(genesis["time"])
        in_canonical_order = sorted(genesis["canisters"], key=lambda said: said["id"])
        self.canisters = {said["id"]: Canister(said) for said in in_canonical_order}
        self.history = {}  # ingress id to status, written as in chapter 7
        self.waiting_ingress, self.waiting_randomness = [], []
        self.burned, self.minted = 0, sum(canister.balance for canister in self.canisters.values())

    def ledger(self):
        canisters = self.canisters.values()
        messages = [message for canister in canisters for queue in (canister.inputs, canister.outputs) for message in queue]
        sums = {
            "balances": sum(canister.balance for canister in canisters),
            "messages": sum(message.refund if isinstance(message, Response) else message.attached
                            for message in messages + self.waiting_randomness),
            "contexts": sum(context.available for canister in canisters for context in canister.contexts.values()),
            "callbacks": sum(callback.reserve for canister in canisters for callback in canister.callbacks.values()),
            "burned": self.burned,
            "minted": self.minted,
        }
        return {place: str(cycles) for place, cycles in sums.items()}


# ------------------------------------------------------------ 3. Inputs

# Fields of events that can pass 2^53, so that they are decimal texts.
DECIMAL = {"accepted", "balance", "burned", "charged", "cycles", "fee", "prepaid", "refund", "refunded", "time", "timer",
           "transmissionFee", "transmissionReserve"}


def reject(error):
    return {"kind": "reject", "code": int(error[3]), "error": error}


class Machine:
    def __init__(self, state):
        self.state, self.parameters, self.money, self.root = state, state.parameters, Money(state.parameters), Root(state)
        self.events, self.draws, self.seed = [], [], b""

    def emit(self, kind, **fields):
        texts = {name: str(fields[name]) for name in DECIMAL & fields.keys() if fields[name] is not None}
        self.events.append({"kind": kind, **fields, **texts})

    def apply(self, said):
        self.events, self.draws = [], []
        if said["kind"] == "ingress":
            self.ingress(said["id"], said["canister"], said["method"], said["payload"])
        elif said["kind"] == "top-up":
            self.top_up(said["canister"], int(said["cycles"]))
        elif said["kind"] == "restart":
            self.__init__(pickle.loads(pickle.dumps(self.state)))  # forgets all that is not state
            self.emit("restarted")
        elif said["kind"] == "round":
            self.round(int(said["elapsed"]), bytes.fromhex(said["tape"]), said.get("coreOrder", []))
        else:
            raise ValueError(f"input.kind: expected ingress, round, top-up or restart, got {said['kind']}")
        return {"events": self.events, "ledger": self.state.ledger(), "draws": self.draws, "stateRoot": self.root.text()}

    def ingress(self, ingress, callee, method, payload):
        canister = self.state.canisters.get(callee)
        error = ("CN0001" if ingress in self.state.history
                 else "CN0002" if size(payload) > self.parameters["maxPayload"]
                 else "IC0301" if canister is None
                 else "IC0207" if canister.balance < self.money.threshold(canister) + self.money.reception(size(payload))
                 else None)
        if error:
            return self.emit("ingress-refused", ingress=ingress, error=error)  # nothing else
        self.record(ingress, "received")
        origin = {"kind": "ingress", "ingress": ingress}
        self.state.waiting_ingress.append(Call(origin, callee, method, payload, attached=0, sent_at=None))
        self.emit("ingress-received", ingress=ingress)

    def top_up(self, name, cycles):
        canister = self.state.canisters.get(name)
        if canister is None:
            return self.emit("top-up-refused", canister=name, error="IC0301")
        canister.balance += cycles
        self.state.minted += cycles
        self.root.changed.add(("canister", name))
        self.emit("topped-up", canister=name, cycles=cycles, balance=canister.balance)

    def round(self, elapsed, tape, core_order):
        state = self.state
        state.height, state.time = state.height + 1, state.time + elapsed
        self.seed = hashlib.sha256(b"canon-random-tape" + tape).digest()
        self.emit("round-began", height=state.height, time=state.time)
        self.induct()
        self.answer_randomness()
        self.induct_ingress()
        for canister in state.canisters.values():
            if canister.timer is not None and canister.timer <= state.time and not canister.task:
                canister.task = True
                self.emit("timer-due", canister=canister.id)
        iterations, instructions = self.iterate(self.plan(), core_order)
        self.emit("round-ended", height=state.height, iterations=iterations, instructions=instructions)

    def answer_randomness(self):
        waiting, self.state.waiting_randomness = self.state.waiting_randomness, []
        for request in waiting:
            if self.state.height < request.sent_at + self.parameters["tapeLag"]:
                self.state.waiting_randomness.append(request)
                continue
            caller, callback = request.origin["canister"], request.origin["callback"]
            index, drawn = len(self.draws), self.draw(len(self.draws))
            reply = {"kind": "reply", "payload": drawn}
            self.state.canisters[caller].inputs.append(Response(caller, callback, reply, request.attached))
            self.emit("randomness-answered", canister=caller, callback=callback)
            self.draws.append({"tape": self.state.height, "index": index, "asked": request.sent_at,
                               "canister": caller, "callback": callback, "bytes": drawn})

    def induct_ingress(self):
        waiting, self.state.waiting_ingress = self.state.waiting_ingress, []
        for call in waiting:
            ingress, canister = call.origin["ingress"], self.state.canisters[call.callee]
            fee = self.money.reception(size(call.payload))
            if canister.balance < self.money.threshold(canister) + fee:
                self.answer_ingress(ingress, reject("IC0207"))
                continue
            canister.balance -= fee
            self.state.burned += fee
            self.root.changed.add(("canister", canister.id))
            self.record(ingress, "processing")
            canister.inputs.append(call)
            self.emit("ingress-inducted", ingress=ingress, canister=canister.id, fee=fee, balance=canister.balance)

    def plan(self):
        """Credits and charges the canisters; gives the order of the round."""
        cores, canisters = self.parameters["cores"], list(self.state.canisters.values())
        if len(canisters) <= cores:
            return canisters
        free = 100 * cores - sum(canister.allocation for canister in canisters)
        for canister in canisters:
            canister.accumulated_priority += cores * len(canisters) * canister.allocation + cores * free
        canisters.sort(key=lambda canister: -canister.accumulated_priority)  # stable, so that ties stay in order of id
        for canister in canisters[:cores]:
            canister.accumulated_priority -= 100 * cores * len(canisters)
        return canisters

    def iterate(self, order, core_order):
        cores, overhead = self.parameters["cores"], self.parameters["messageOverhead"]
        counter = self.parameters["roundInstructionLimit"] - (self.parameters["messageInstructionLimit"] + overhead) + 1
        sequence = list(dict.fromkeys([core for core in core_order if core in range(cores)] + list(range(cores))))
        iteration = total = 0
        while counter >= 1 and any(canister.is_active() for canister in order):
            iteration += 1
            active, events, most = [canister for canister in order if canister.is_active()], self.events, 0
            events_of = {}
            for core in sequence:  # one after another here; cores share nothing, so they may as well run side by side
                self.events = events_of[core] = []
                most = max(most, self.run_core(iteration, core, active[core::cores], counter))
            self.events = events + [event for core in range(cores) for event in events_of[core]]
            counter, total = counter - most, total + most
            if counter >= 1:
                self.induct()
        return iteration, total

    def run_core(self, iteration, core, canisters, counter):
        """Gives the instructions that the turns of the core used, overheads included."""
        left = counter
        for canister in canisters:
            if left < 1:
                break
            turn, at_start = {"iteration": iteration, "core": core, "canister": canister.id}, left
            self.emit("turn-began", **turn)
            while canister.is_active() and left >= 1:
                left -= self.run_next(canister) + self.parameters["messageOverhead"]
            self.emit("turn-ended", **turn, instructions=at_start - left, drained=not canister.inputs)
        return counter - left

    # ------------------------------------------------------------ 4. Induction

    def induct(self):
        for canister in self.state.canisters.values():
            while canister.outputs:
                message = canister.outputs.popleft()
                if isinstance(message, Response):
                    self.state.canisters[message.caller].inputs.append(message)
                    self.emit("response-inducted", caller=message.caller, callback=message.callback,
                              result=message.result["kind"])
                else:
                    self.induct_request(canister, message)

    def induct_request(self, caller, request):
        callback = request.origin["callback"]
        if request.callee in self.state.canisters:
            self.state.canisters[request.callee].inputs.append(request)
            return self.emit("request-inducted", caller=caller.id, callback=callback, callee=request.callee)
        error = ("IC0301" if request.callee != "aaaaa-aa" else "IC0536" if request.method != "raw_rand"
                 else "IC0408" if request.payload else None)
        if error is None:
            self.state.waiting_randomness.append(request)
            return self.emit("randomness-asked", canister=caller.id, callback=callback, asked=request.sent_at)
        caller.inputs.append(Response(caller.id, callback, reject(error), request.attached))
        self.emit("request-bounced", caller=caller.id, callback=callback, error=error)

    # ------------------------------------------------------------ 5. Running one message

    def run_next(self, canister):
        """Runs the task, else the first input; gives the instructions used."""
        self.root.changed.add(("canister", canister.id))
        if canister.task:
            canister.task = False
            return self.run_call(canister, None)
        message = canister.inputs.popleft()
        return self.run_call(canister, message) if isinstance(message, Call) else self.run_response(canister, message)

    def run_call(self, canister, call):
        """Runs a call, or the task when there is none."""
        cause = {"kind": "timer"} if call is None else {
            "kind": "update", "origin": call.origin, "method": call.method, "attached": str(call.attached)}
        if canister.balance < self.money.threshold(canister) + self.money.prepayment:
            return self.refuse(canister, cause, call, "IC0207", charged=0)
        canister.balance -= self.money.prepayment
        if call is None:
            canister.timer = None
            script, context = canister.on_timer, Context({"kind": "system"}, responded=True, available=0)
        elif call.method in canister.methods:
            script, context = canister.methods[call.method], Context(call.origin, responded=False, available=call.attached)
        else:
            return self.refuse(canister, cause, call, "IC0536", charged=self.settle(canister, used=0))
        number, canister.next_context = canister.next_context, canister.next_context + 1
        canister.contexts[number] = context
        execution = Execution(self, canister, number, cause, "" if call is None else call.payload)
        return self.finish(execution, execution.attempt(script, self.money.message_limit))

    def run_response(self, canister, response):
        callback, result, limit = canister.callbacks.pop(response.callback), response.result, self.money.message_limit
        is_reply = result["kind"] == "reply"
        message = result["payload"] if is_reply else "%02x" % result["code"]
        refunded = min(response.refund, callback.attached)
        fee = self.money.transmission(size(message)) if is_reply else 0
        canister.balance += refunded + self.money.transmission_reserve - fee
        self.state.burned += fee
        cause = {"kind": "response", "callback": response.callback, "result": result["kind"]}
        execution = Execution(self, canister, callback.context, cause, message, refunded)
        trap, cleanup = execution.attempt(callback.scripts["onReply" if is_reply else "onReject"],
                                          limit - limit * self.parameters["cleanupReserve"] // 100), "none"
        if trap and callback.scripts["onCleanup"]:
            execution.in_cleanup = True
            cleanup = "trapped" if execution.attempt(callback.scripts["onCleanup"], limit) else "completed"
        return self.finish(execution, trap, cleanup, refunded, self.money.transmission_reserve, fee)

    def refuse(self, canister, cause, call, error, charged):
        self.emit("not-executed", canister=canister.id, cause=cause, error=error, charged=charged, balance=canister.balance)
        if call is not None:
            self.answer(canister, None, call.origin, reject(error), call.attached)
        return 0

    def settle(self, canister, used):
        """Gives what is burned of the prepayment."""
        refund = self.money.refund(used)
        canister.balance += refund
        self.state.burned += self.money.prepayment - refund
        return self.money.prepayment - refund

    def finish(self, execution, trap, cleanup="none", refunded=0, transmission_reserve=0, transmission_fee=0):
        canister, number, context = execution.canister, execution.number, execution.context
        charged = self.settle(canister, execution.used)
        self.state.burned += execution.burned + sum(int(call["fee"]) for call in execution.calls)
        self.emit("executed", canister=canister.id, cause=execution.cause, context=number, trap=trap, cleanup=cleanup,
                  instructions=execution.used, prepaid=self.money.prepayment, charged=charged, refunded=refunded,
                  transmissionReserve=transmission_reserve, transmissionFee=transmission_fee,
                  accepted=execution.accepted, burned=execution.burned, calls=execution.calls,
                  wrote=execution.wrote(), timer=canister.timer, balance=canister.balance)
        if execution.answer:
            context.responded = True
            self.answer(canister, number, context.origin, *execution.answer)
        if not context.responded and not canister.has_open_calls(number):
            context.responded = True
            self.answer(canister, number, context.origin, reject(trap or "IC0506"), context.take_available())
        if context.responded and not canister.has_open_calls(number):
            del canister.contexts[number]
            self.emit("context-removed", canister=canister.id, context=number,
                      remaining=len(canister.contexts))
        return execution.used

    def answer(self, canister, context, origin, result, refund):
        self.emit("answered", canister=canister.id, context=context, origin=origin, result=result, refund=refund)
        if origin["kind"] == "ingress":
            self.answer_ingress(origin["ingress"], result)
        else:
            canister.outputs.append(Response(origin["canister"], origin["callback"], result, refund))

    def record(self, ingress, status):
        self.state.history[ingress] = status
        self.root.changed.add(("ingress", ingress))

    def answer_ingress(self, ingress, result):
        content = result["payload"] if result["kind"] == "reply" else result["error"]
        self.record(ingress, f"{result['kind']}:{content}")
        self.emit("ingress-answered", ingress=ingress, result=result)

    # ------------------------------------------------------------ 6. Randomness

    def draw(self, index):
        return hashlib.sha256(self.seed + b"raw-rand" + index.to_bytes(8, "big")).hexdigest()


# ------------------------------------------------------------ 7. State root


class Root:
    """The sum of the digests of all records. Only those that changed are computed again."""

    def __init__(self, state):
        self.state, self.digests, self.sum = state, {}, 0
        self.changed = {("canister", name) for name in state.canisters} | {("ingress", ingress) for ingress in state.history}

    def text(self):
        for record in self.changed:
            digest = int.from_bytes(hashlib.sha256(self.record(*record).encode()).digest(), "big")
            self.sum = (self.sum + digest - self.digests.get(record, 0)) % 2**256
            self.digests[record] = digest
        self.changed.clear()
        return f"{self.sum:064x}"

    def record(self, kind, name):
        if kind == "ingress":
            return f"ingress {name} {self.state.history[name]}"
        canister = self.state.canisters[name]
        pages = ",".join(f"{page}:{content}" for page, content in sorted(canister.pages.items()))
        return f"canister {name} {canister.balance} {'-' if canister.timer is None else canister.timer} {pages}"


# ------------------------------------------------------------ 8. The wire


class Conversation:
    """Answers one message of the runner after the other."""

    def __init__(self, name):
        self.name, self.machine = name, None

    def answer_line(self, line):
        """Gives the answer to a line; whatever is wrong with the line is an answer, too."""
        said = None
        try:
            said = json.loads(line)
            return self.answer(said)
        except Exception as wrong:
            number = said.get("id") if isinstance(said, dict) else None
            return {"type": "error", "id": number, "message": f"{type(wrong).__name__}: {wrong}"}

    def answer(self, said):
        if said["type"] == "hello":
            if not said["protocol"]["min"] <= 1 <= said["protocol"]["max"]:
                raise ValueError(f"protocol: expected a range with 1 in it, got {said['protocol']}")
            return {"type": "hello", "protocol": 1,
                    "implementation": {"name": self.name, "version": "1.0.0", "language": "Python", "commit": None},
                    "supports": ["*"], "excludes": [], "options": {"digest": True, "state": False}}
        if said["type"] == "boot":
            self.machine = Machine(State(said["genesis"]))
            return {"type": "booted", "id": said["id"]}
        if said["type"] == "apply" and self.machine:
            return {"type": "applied", "id": said["id"], "observation": self.machine.apply(said["input"])}
        if said["type"] == "bye":
            return {"type": "bye"}
        raise ValueError(f"type: expected hello, boot, apply (after boot) or bye, got {said['type']}")


def converse(name="canon-python"):
    conversation = Conversation(name)
    for line in sys.stdin.buffer:
        answer = conversation.answer_line(line)
        sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
        sys.stdout.flush()
        if answer["type"] == "bye":
            return


if __name__ == "__main__":
    converse()
