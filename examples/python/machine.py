#!/usr/bin/env python3
"""
A machine for Canon: it follows `docs/machine.md` chapter by chapter and speaks `canon/1` on standard input and output.
It is written to be read by somebody who writes such a machine in another language. Cycles and nanoseconds are exact
integers in here and decimal texts on the wire; bytes are hexadecimal text. A machine that executes real code has
something else in place of `Machine.run`, which interprets scripts; the rest stays as it is.
"""
import hashlib, json, pickle, re, sys
from collections import deque, namedtuple
from copy import copy, deepcopy

# ------------------------------------------------------------ 1. State
Call = namedtuple("Call", "origin callee method payload cycles sent_at")  # a request, an ingress message, or the task
Response = namedtuple("Response", "origin result cycles")  # with the origin of the call, and the cycles that go back
Callback = namedtuple("Callback", "context callee attached scripts")
TASK = Call({"kind": "system"}, None, None, "", 0, None)  # waits at the head of the inputs; nobody waits for an answer
ANSWERING = {"accept", "reply", "reject"}  # what a task and a cleanup may not do

class Trap(Exception): """Its argument is the error."""
def size(payload): return len(payload) // 2
def reject(error): return {"kind": "reject", "code": int(error[3]), "error": error}

class Context:
    def __init__(self, origin, available, responded):
        self.origin, self.available, self.responded = origin, available, responded

    def take_available(self):
        """An answer takes all available cycles as its refund; from now on none are available."""
        refund, self.available = self.available, 0
        return refund

class Canister:
    def __init__(self, said):
        self.id, self.balance, self.on_timer = said["id"], int(said["balance"]), said["onTimer"]
        self.allocation, self.freezing_threshold = said["computeAllocation"], said["freezingThreshold"]
        self.methods = {method["name"]: method["body"] for method in said["methods"]}
        self.pages, self.timer, self.accumulated_priority = {}, None, 0
        self.inputs, self.outputs = deque(), deque()
        self.contexts, self.callbacks, self.next_context, self.next_callback = {}, {}, 0, 0

class Execution:
    """One message or task that runs on a canister. The report is what the event `executed` will say."""
    def __init__(self, canister, number, message, forbidden=(), **report):
        self.canister, self.number, self.context, self.message = canister, number, canister.contexts[number], message
        self.used, self.answer, self.forbidden, self.pages_before = 0, None, forbidden, dict(canister.pages)
        self.report = {"cleanup": "none", "refunded": 0, "transmissionReserve": 0, "transmissionFee": 0,
                       "accepted": 0, "burned": 0, "calls": [], **report}

class Machine:
    def __init__(self, genesis):
        self.parameters, self.height, self.time = genesis["parameters"], 0, int(genesis["time"])
        self.canisters = {said["id"]: Canister(said) for said in sorted(genesis["canisters"], key=lambda it: it["id"])}
        self.history = {}  # ingress id to status, as chapter 7 writes it
        self.waiting_ingress, self.waiting_randomness = deque(), deque()
        self.burned, self.minted = 0, sum(canister.balance for canister in self.canisters.values())
        self.fees = {name: int(fee) for name, fee in self.parameters["fees"].items() if name != "name"}
        self.limit, self.overhead = self.parameters["messageInstructionLimit"], self.parameters["messageOverhead"]
        self.prepayment = self.scale(self.fees["execution"] + self.instruction_fee(self.limit))
        self.transmission_reserve = self.transmission_fee(self.parameters["maxPayload"])
        self.reserve = self.transmission_reserve + self.prepayment

    def ledger(self):
        canisters = self.canisters.values()
        messages = [message for canister in canisters for message in [*canister.inputs, *canister.outputs]]
        places = {"balances": sum(canister.balance for canister in canisters),
                  "messages": sum(message.cycles for message in [*messages, *self.waiting_randomness]),
                  "contexts": sum(context.available for holder in canisters for context in holder.contexts.values()),
                  "callbacks": sum(self.reserve * len(canister.callbacks) for canister in canisters),
                  "burned": self.burned, "minted": self.minted}
        return {place: str(cycles) for place, cycles in places.items()}

    # ------------------------------------------------------------ 2. Money
    def scale(self, cycles): return cycles * self.fees["subnetSize"] // self.fees["referenceSubnetSize"]
    def instruction_fee(self, count): return self.fees["tenInstructions"] * count // 10
    def reception_fee(self, size): return self.scale(self.fees["ingress"]) + self.scale(self.fees["ingressByte"]) * size
    def transmission_fee(self, size): return self.scale(self.fees["transmissionByte"] * size)
    def call_fee(self, size): return self.scale(self.fees["call"]) + self.transmission_fee(size)
    def liquid(self, canister): return max(0, canister.balance - self.threshold(canister))
    def can_pay(self, canister, cycles): return canister.balance >= self.threshold(canister) + cycles

    def threshold(self, canister):
        storage = len(canister.pages) * self.parameters["pageSize"] * self.fees["gibSecond"] * 86400 // 2**30
        idle_day = self.scale(storage) + self.scale(self.fees["percentSecond"] * canister.allocation * 86400)
        return idle_day * canister.freezing_threshold // 86400

    def settle(self, canister, used):  # gives what is burned of the prepayment
        refund = min(self.scale(self.instruction_fee(self.limit - used)), self.prepayment)
        canister.balance += refund
        self.burned += self.prepayment - refund
        return self.prepayment - refund

    # ------------------------------------------------------------ 3. Inputs
    DECIMAL = {"accepted", "balance", "burned", "charged", "cycles", "fee", "prepaid", "refund", "refunded", "time",
               "timer", "transmissionFee", "transmissionReserve"}  # fields of events that can pass 2^53

    def emit(self, kind, **fields):
        texts = {name: str(fields[name]) for name in self.DECIMAL & fields.keys() if fields[name] is not None}
        self.events.append({"kind": kind, **fields, **texts})

    def apply(self, said):
        handlers = {"ingress": self.ingress, "top-up": self.top_up, "restart": self.restart, "round": self.round}
        self.events, self.draws = [], []
        handlers[said["kind"]](said)
        return {"events": self.events, "ledger": self.ledger(), "draws": self.draws, "stateRoot": self.root()}

    def ingress(self, said):
        ingress, length, canister = said["id"], size(said["payload"]), self.canisters.get(said["canister"])
        error = ("CN0001" if ingress in self.history
                 else "CN0002" if length > self.parameters["maxPayload"]
                 else "IC0301" if canister is None
                 else "IC0207" if not self.can_pay(canister, self.reception_fee(length)) else None)
        if error: return self.emit("ingress-refused", ingress=ingress, error=error)
        self.history[ingress] = "received"
        origin = {"kind": "ingress", "ingress": ingress}
        self.waiting_ingress.append(Call(origin, canister.id, said["method"], said["payload"], 0, None))
        self.emit("ingress-received", ingress=ingress)

    def top_up(self, said):
        canister, cycles = self.canisters.get(said["canister"]), int(said["cycles"])
        if canister is None: return self.emit("top-up-refused", canister=said["canister"], error="IC0301")
        canister.balance += cycles
        self.minted += cycles
        self.emit("topped-up", canister=canister.id, cycles=cycles, balance=canister.balance)

    def restart(self, _said):
        self.__dict__ = pickle.loads(pickle.dumps(self.__dict__))
        self.emit("restarted")

    def round(self, said):
        self.height, self.time = self.height + 1, self.time + int(said["elapsed"])
        self.seed = hashlib.sha256(b"canon-random-tape" + bytes.fromhex(said["tape"])).digest()
        self.emit("round-began", height=self.height, time=self.time)
        self.induct()
        self.answer_randomness()
        self.induct_ingress()
        for canister in self.canisters.values():
            if canister.timer is not None and canister.timer <= self.time and TASK not in canister.inputs:
                canister.inputs.appendleft(TASK)
                self.emit("timer-due", canister=canister.id)
        self.iterate(self.plan(), said.get("coreOrder", []))

    def induct_ingress(self):
        while self.waiting_ingress:
            call = self.waiting_ingress.popleft()
            ingress, canister = call.origin["ingress"], self.canisters[call.callee]
            fee = self.reception_fee(size(call.payload))
            if self.can_pay(canister, fee):
                canister.balance -= fee
                self.burned += fee
                self.history[ingress] = "processing"
                canister.inputs.append(call)
                self.emit("ingress-inducted", ingress=ingress, canister=canister.id, fee=fee, balance=canister.balance)
            else: self.answer_ingress(ingress, reject("IC0207"))

    def plan(self):  # credits and charges the canisters; gives the order of the round
        cores, canisters = self.parameters["cores"], list(self.canisters.values())
        if len(canisters) > cores:
            free = 100 * cores - sum(canister.allocation for canister in canisters)
            for canister in canisters:
                canister.accumulated_priority += cores * len(canisters) * canister.allocation + cores * free
            canisters.sort(key=lambda canister: -canister.accumulated_priority)  # stable: ties stay in the order of ids
            for canister in canisters[:cores]:
                canister.accumulated_priority -= 100 * cores * len(canisters)
        return canisters

    def iterate(self, order, core_order):
        cores = range(self.parameters["cores"])
        counter = self.parameters["roundInstructionLimit"] - (self.limit + self.overhead) + 1
        iteration, total, events = 0, 0, self.events
        while counter >= 1 and (active := [canister for canister in order if canister.inputs]):
            iteration, used, events_of = iteration + 1, {}, {}
            for core in sorted(cores, key=[*core_order, *cores].index):  # they share nothing: any order will do
                self.events, used[core] = events_of.setdefault(core, []), 0
                for canister in active[core::len(cores)]:
                    if used[core] < counter:
                        used[core] += self.run_turn(canister, counter - used[core], iteration, core)
            self.events = events = events + [event for core in cores for event in events_of[core]]
            counter, total = counter - max(used.values()), total + max(used.values())
            if counter >= 1: self.induct()
        self.emit("round-ended", height=self.height, iterations=iteration, instructions=total)

    def run_turn(self, canister, left, iteration, core):
        turn, used = {"iteration": iteration, "core": core, "canister": canister.id}, 0
        self.emit("turn-began", **turn)
        while canister.inputs and used < left:
            message = canister.inputs.popleft()
            run = self.run_call if isinstance(message, Call) else self.run_response
            used += run(canister, message) + self.overhead
        self.emit("turn-ended", **turn, instructions=used, drained=not canister.inputs)
        return used

    # ------------------------------------------------------------ 4. Induction
    def induct(self):
        for canister in self.canisters.values():
            while canister.outputs:
                message = canister.outputs.popleft()
                caller, callback = message.origin["canister"], message.origin["callback"]
                if isinstance(message, Response):
                    self.canisters[caller].inputs.append(message)
                    self.emit("response-inducted", caller=caller, callback=callback, result=message.result["kind"])
                elif message.callee in self.canisters:
                    self.canisters[message.callee].inputs.append(message)
                    self.emit("request-inducted", caller=caller, callback=callback, callee=message.callee)
                elif (message.callee, message.method, message.payload) == ("aaaaa-aa", "raw_rand", ""):
                    self.waiting_randomness.append(message)
                    self.emit("randomness-asked", canister=caller, callback=callback, asked=message.sent_at)
                else:
                    to_nobody, no_method = message.callee != "aaaaa-aa", message.method != "raw_rand"
                    error = "IC0301" if to_nobody else "IC0536" if no_method else "IC0408"
                    canister.inputs.append(Response(message.origin, reject(error), message.cycles))
                    self.emit("request-bounced", caller=caller, callback=callback, error=error)

    # ------------------------------------------------------------ 5. Running one message
    def run_call(self, canister, call):  # or the task; like `run_response`, gives the instructions used
        is_task, affordable = call.origin["kind"] == "system", self.can_pay(canister, self.prepayment)
        cause = {"kind": "timer"} if is_task else {
            "kind": "update", "origin": call.origin, "method": call.method, "attached": str(call.cycles)}
        script = canister.on_timer if is_task else canister.methods.get(call.method)
        if affordable: canister.balance -= self.prepayment
        if not affordable or script is None:
            error, charged = ("IC0536", self.settle(canister, used=0)) if affordable else ("IC0207", 0)
            refused = {"canister": canister.id, "cause": cause, "error": error, "charged": charged}
            self.emit("not-executed", **refused, balance=canister.balance)
            if not is_task: self.answer(canister, None, call.origin, reject(error), call.cycles)
            return 0
        if is_task: canister.timer = None
        number, canister.next_context = canister.next_context, canister.next_context + 1
        canister.contexts[number] = Context(call.origin, call.cycles, responded=is_task)
        execution = Execution(canister, number, call.payload, ANSWERING if is_task else (), cause=cause)
        return self.finish(execution, self.attempt(execution, script, self.limit))

    def run_response(self, canister, response):
        number, result, is_reply = response.origin["callback"], response.result, response.result["kind"] == "reply"
        callback, message = canister.callbacks.pop(number), result["payload"] if is_reply else f"{result['code']:02x}"
        refunded, fee = min(response.cycles, callback.attached), self.transmission_fee(size(message)) if is_reply else 0
        canister.balance += refunded + self.transmission_reserve - fee
        self.burned += fee
        cause = {"kind": "response", "callback": number, "result": result["kind"]}
        execution = Execution(canister, callback.context, message, cause=cause, refunded=refunded,
                              transmissionReserve=self.transmission_reserve, transmissionFee=fee)
        limit = self.limit - self.limit * self.parameters["cleanupReserve"] // 100
        trap = self.attempt(execution, callback.scripts["onReply" if is_reply else "onReject"], limit)
        if trap and callback.scripts["onCleanup"]:
            execution.forbidden = {"call", *ANSWERING}
            trap_of_cleanup = self.attempt(execution, callback.scripts["onCleanup"], self.limit)
            execution.report["cleanup"] = "trapped" if trap_of_cleanup else "completed"
        return self.finish(execution, trap)

    def attempt(self, execution, script, limit):
        """Runs a script until the instructions used reach the limit. A trap is taken back; gives its error, or None."""
        canister, context, report = execution.canister, execution.context, deepcopy(execution.report)
        before, available = {name: copy(held) for name, held in vars(canister).items()}, context.available
        try:
            self.run(execution, script, limit)
            if report["cause"]["kind"] != "response" and not self.can_pay(canister, 0): raise Trap("IC0207")
        except Trap as trap:
            vars(canister).update(before)
            context.available, execution.answer, execution.report = available, None, report
            execution.used = min(execution.used, limit)
            return trap.args[0]

    def run(self, execution, script, limit):
        canister, context, report, parameters = execution.canister, execution.context, execution.report, self.parameters
        for said in script:
            op = said["op"]
            value = self.value(execution, said.get("value") or said.get("payload") or {"kind": "bytes", "bytes": ""})
            execution.used += said["instructions"] if op == "consume" else 1
            if execution.used > limit: raise Trap("IC0522")
            if op in execution.forbidden: raise Trap("IC0504")
            if op == "write":
                page, pages = said["page"], range(parameters["maxPages"])
                if page not in pages or size(value) > parameters["pageSize"]: raise Trap("IC0502")
                canister.pages[page] = value
            elif op == "when-odd":
                self.run(execution, said["then" if int(value[-1:] or "0", 16) % 2 else "otherwise"], limit)
            elif op == "call": self.send(execution, said, value, limit)
            elif op == "accept":
                cycles = min(int(said["cycles"]), context.available)
                context.available -= cycles
                canister.balance += cycles
                report["accepted"] += cycles
            elif op in ("reply", "reject"):
                if context.responded or execution.answer: raise Trap("IC0504")
                if size(value) > parameters["maxPayload"]: raise Trap("IC0504")
                result = {"kind": "reply", "payload": value} if op == "reply" else reject("IC0406")
                execution.answer = result, context.take_available()
            elif op == "trap": raise Trap("IC0503")
            elif op == "burn":
                cycles = min(int(said["cycles"]), self.liquid(canister))
                canister.balance -= cycles
                report["burned"] += cycles
            elif op == "set-timer": canister.timer = None if said["after"] is None else self.time + int(said["after"])

    def value(self, execution, said):
        canister, available, refunded = execution.canister, execution.context.available, execution.report["refunded"]
        return {"bytes": said.get("bytes"), "message": execution.message, "time": f"{self.time:016x}",
                "page": canister.pages.get(said.get("page"), ""), "balance": f"{canister.balance:032x}",
                "available": f"{available:032x}", "refunded": f"{refunded:032x}"}[said["kind"]]

    def send(self, execution, said, payload, limit):
        canister, callee, attached = execution.canister, said["callee"], int(said["attached"])
        liquid, fee = self.liquid(canister), self.call_fee(size(payload))
        if size(payload) > self.parameters["maxPayload"]: raise Trap("IC0504")
        if attached > liquid: raise Trap("IC0520")
        open_calls = sum(callback.callee == callee for callback in canister.callbacks.values())
        if open_calls >= self.parameters["queueCapacity"] or attached + fee + self.reserve > liquid:
            return self.run(execution, said["onRefused"], limit)
        canister.balance -= attached + fee + self.reserve
        number, canister.next_callback = canister.next_callback, canister.next_callback + 1
        canister.callbacks[number] = Callback(execution.number, callee, attached, said)
        origin = {"kind": "canister", "canister": canister.id, "callback": number}
        canister.outputs.append(Call(origin, callee, said["method"], payload, attached, self.height))
        execution.report["calls"].append({"callback": number, "callee": callee, "method": said["method"],
            "bytes": size(payload), "attached": str(attached), "fee": str(fee), "reserve": str(self.reserve)})

    def finish(self, execution, trap):
        canister, number, context = execution.canister, execution.number, execution.context
        report, answer, charged = execution.report, execution.answer, self.settle(canister, execution.used)
        self.burned += report["burned"] + sum(int(call["fee"]) for call in report["calls"])
        wrote = [[page, to] for page, to in sorted(canister.pages.items()) if to != execution.pages_before.get(page)]
        self.emit("executed", canister=canister.id, context=number, trap=trap, **report, instructions=execution.used,
                  prepaid=self.prepayment, charged=charged, wrote=wrote, timer=canister.timer, balance=canister.balance)
        has_open_calls = any(callback.context == number for callback in canister.callbacks.values())
        if not (answer or context.responded or has_open_calls):
            answer = reject(trap or "IC0506"), context.take_available()
        if answer:
            context.responded = True
            self.answer(canister, number, context.origin, *answer)
        if context.responded and not has_open_calls:
            del canister.contexts[number]
            self.emit("context-removed", canister=canister.id, context=number, remaining=len(canister.contexts))
        return execution.used

    def answer(self, canister, context, origin, result, refund):
        self.emit("answered", canister=canister.id, context=context, origin=origin, result=result, refund=refund)
        if origin["kind"] == "ingress": self.answer_ingress(origin["ingress"], result)
        else: canister.outputs.append(Response(origin, result, refund))

    def answer_ingress(self, ingress, result):
        self.history[ingress] = f"{result['kind']}:{result.get('payload', result.get('error'))}"
        self.emit("ingress-answered", ingress=ingress, result=result)

    # ------------------------------------------------------------ 6. Randomness
    def answer_randomness(self):
        waiting = self.waiting_randomness  # in the order of asking, so whoever can be answered stands in front
        while waiting and self.height >= waiting[0].sent_at + self.parameters["tapeLag"]:
            request, index = waiting.popleft(), len(self.draws)
            drawn = hashlib.sha256(self.seed + b"raw-rand" + index.to_bytes(8, "big")).hexdigest()
            asker = {"canister": request.origin["canister"], "callback": request.origin["callback"]}
            result, inputs = {"kind": "reply", "payload": drawn}, self.canisters[asker["canister"]].inputs
            inputs.append(Response(request.origin, result, request.cycles))
            self.emit("randomness-answered", **asker)
            self.draws.append({"tape": self.height, "index": index, "asked": request.sent_at, **asker, "bytes": drawn})

    # ------------------------------------------------------------ 7. State root
    def root(self):
        """Computed anew each time. A faster machine keeps the digests, and replaces those that changed."""
        texts = [f"ingress {ingress} {status}" for ingress, status in self.history.items()]
        for canister in self.canisters.values():
            pages = ",".join(f"{page}:{content}" for page, content in sorted(canister.pages.items()))
            timer = "-" if canister.timer is None else canister.timer
            texts.append(f"canister {canister.id} {canister.balance} {timer} {pages}")
        return f"{sum(int(hashlib.sha256(text.encode()).hexdigest(), 16) for text in texts) % 2**256:064x}"

# ------------------------------------------------------------ 8. The wire
def is_sound(genesis):  # no faults, in the sense of `faultsOf` in `spec/genesis.ts`
    parameters, canisters = genesis["parameters"], genesis["canisters"]
    cores, overhead, ids = parameters["cores"], parameters["messageOverhead"], [said["id"] for said in canisters]
    names = [*ids, *((said["id"], method["name"]) for said in canisters for method in said["methods"])]
    return (min(cores, overhead, parameters["tapeLag"], parameters["fees"]["referenceSubnetSize"]) >= 1
            and 0 <= parameters["cleanupReserve"] <= 100 and parameters["maxPayload"] >= 32
            and parameters["roundInstructionLimit"] >= parameters["messageInstructionLimit"] + overhead
            and sum(said["computeAllocation"] for said in canisters) <= 100 * cores and len(set(names)) == len(names)
            and all(re.fullmatch("[a-z0-9-]{1,32}", id) and id != "aaaaa-aa" for id in ids))

def converse(name="canon-python"):  # answers each line with one line; whatever is wrong with it is an answer, too
    implementation = {"name": name, "version": "1.0.0", "language": "Python", "commit": None}
    excludes = [{"rule": rule, "reason": "the standard library has no BLS12-381"}
                for rule in ("block-finalise", "share-admit", "tape-make", "tape-deliver")]  # no world has a committee
    hello = {"type": "hello", "protocol": 1, "implementation": implementation,
             "supports": ["*"], "excludes": excludes, "options": {"digest": True, "state": False}}
    machine = None
    for line in sys.stdin.buffer:
        number = None
        try:
            said = json.loads(line)
            number, kind = said.get("id"), said.get("type")
            if kind == "hello" and said["protocol"]["min"] <= 1 <= said["protocol"]["max"]:
                answer = hello
            elif kind == "boot" and "committee" not in said["genesis"] and is_sound(said["genesis"]):
                machine, answer = Machine(said["genesis"]), {"type": "booted", "id": number}
            elif kind == "apply" and machine:
                answer = {"type": "applied", "id": number, "observation": machine.apply(said["input"])}
            elif kind == "bye": return print('{"type":"bye"}')
            else: raise ValueError(f"expected hello of version 1, sound boot, apply after boot, or bye, got {kind}")
        except Exception as wrong:
            answer = {"type": "error", "id": number, "message": f"{type(wrong).__name__}: {wrong}"}
        print(json.dumps(answer, separators=(",", ":")), flush=True)

if __name__ == "__main__": converse()
