#!/usr/bin/env python3
"""
A machine for Canon. It follows `docs/machine.md` and speaks `canon/1` on standard input and output; it is written to be
read by somebody who writes such a machine in another language. In here are its inputs and the wire (chapters 3 and 8);
below it, each on the one before it, are `prices.py`, `subnet.py`, `messages.py`, `scripts.py`, `execution.py` and
`slices.py`.

It is a subnet without others, and all its calls have a guaranteed response: what it leaves out stands in `EXCLUDED`.
"""
import json, pickle, re, sys

from execution import Share
from prices import Prices
from slices import Slices
from subnet import MANAGEMENT, Call, reject, size
from tree import state_root

TASKS = {task: Call({"kind": "system"}, None, task, "", 0, None, None) for task in ("timer", "heartbeat")}
OF_TOKENS = ("transfer", "pay", "notify", "reward", "set-rate")  # without tokens they do nothing
UNLIMITED = 2**53 - 1  # a limit that nothing reaches: the greatest whole number of the wire
FOLLOWING = {"timer": "heartbeat", "heartbeat": "message", "message": "timer"}  # whose turn comes behind whose


class Machine(Slices):
    # ------------------------------------------------------------ 3. Inputs
    def apply(self, said):
        handlers = {"ingress": self.ingress, "top-up": self.top_up, "set-fees": self.set_fees, "uninstall": self.uninstall,
                    "create-canister": self.create_canister, "set-compute-allocation": self.set_allocation,
                    "restart": self.restart, "round": self.round, **dict.fromkeys(OF_TOKENS, lambda _said: None)}
        self.events, self.draws = [], []
        handlers[said["kind"]](said)
        root = state_root(self.time, self.canisters.values(), self.history)
        return {"events": self.events, "ledger": self.ledger(), "draws": self.draws, "stateRoot": root}

    def ingress(self, said):
        ingress, length, canister = said["id"], size(said["payload"]), self.canisters.get(said["canister"])
        latest = self.time + int(self.parameters["ingressLifetime"])
        expiry = int(said.get("expiry", latest))
        fee = self.prices.reception(length)
        error = ("CN0001" if ingress in self.history
                 else "CN0002" if length > self.max_payload
                 else "CN0010" if self.time > expiry
                 else "CN0011" if expiry > latest
                 else "IC0204" if len(self.history) >= self.parameters["historyCapacity"]
                 else "IC0301" if canister is None
                 else "IC0537" if not canister.has_code
                 else "IC0207" if not self.can_pay(canister, fee) else None)
        if error: return self.emit("ingress-refused", ingress=ingress, error=error)
        self.history[ingress] = "received", None
        origin = {"kind": "ingress", "ingress": ingress}
        self.pool.append(Call(origin, canister.id, said["method"], said["payload"], 0, None, expiry))
        self.emit("ingress-received", ingress=ingress)

    def top_up(self, said):
        canister, cycles = self.canisters.get(said["canister"]), int(said["cycles"])
        if canister is None: return self.emit("top-up-refused", canister=said["canister"], error="IC0301")
        canister.balance += cycles
        self.minted += cycles
        self.emit("topped-up", canister=canister.id, cycles=cycles, balance=canister.balance)

    def set_fees(self, said):
        self.prices = Prices(said["fees"], self.parameters)
        self.emit("fees-set", name=self.prices.name)

    def create_canister(self, said):
        created, fee = said["canister"], self.prices.creation
        check_supported(created)
        error = ("IC0205" if created["id"] in {*self.canisters, MANAGEMENT}
                 else "IC0101" if not self.can_allocate(created["computeAllocation"], created["id"])
                 else "IC0403" if int(created["balance"]) < fee else None)
        if error: return self.emit("canister-create-refused", canister=created["id"], error=error)
        canister = self.add_canister(created, int(created["balance"]) - fee)
        self.burned += fee
        allocation, balance = canister.allocation, canister.balance
        self.emit("canister-created", canister=canister.id, computeAllocation=allocation, balance=balance)

    def set_allocation(self, said):
        canister, allocation = self.canisters.get(said["canister"]), said["computeAllocation"]
        error = ("IC0301" if canister is None
                 else "CN0015" if self.is_paused(canister)
                 else "IC0101" if allocation > canister.allocation and not self.can_allocate(allocation, canister.id) else None)
        if error: return self.emit("allocation-refused", canister=said["canister"], error=error)
        canister.allocation, canister.version = allocation, canister.version + 1
        self.emit("allocation-set", canister=canister.id, computeAllocation=allocation)

    def can_allocate(self, allocation, id):
        others = sum(canister.allocation for canister in self.canisters.values() if canister.id != id)
        return allocation == 0 or others + allocation < self.parameters["cores"] * self.parameters["allocatable"]

    def uninstall(self, said):
        canister = self.canisters.get(said["canister"])
        error = "IC0301" if canister is None else "CN0015" if canister.under_way else None
        if error: return self.emit("uninstall-refused", canister=said["canister"], error=error)
        self.take_code(canister)
        self.emit("uninstalled", canister=canister.id)
        self.withdraw_contexts(canister)

    def take_code(self, canister):
        canister.has_code, canister.methods, canister.scripts, canister.pages, canister.timer = False, {}, {}, {}, None
        canister.stable_pages = 0
        canister.version += 1

    def withdraw_contexts(self, canister):
        for number, context in list(canister.contexts.items()):
            if context.status == "open":
                self.answer(canister, number, context.origin, reject("IC0406"), context.take_available())
            context.status = "deleted"
            if canister.open_calls(number): self.emit("context-deleted", canister=canister.id, context=number)
            else: self.remove_if_childless(canister, number)

    def restart(self, _said):
        self.__dict__ = pickle.loads(pickle.dumps(self.__dict__))
        self.emit("restarted")

    def round(self, said):
        self.height, self.time = self.height + 1, self.time + int(said["elapsed"])
        self.seed(said["tape"])
        self.emit("round-began", height=self.height, time=self.time)
        self.expire()
        self.take_stream()
        self.answer_randomness()
        self.induct_ingress()
        self.choose_tasks()
        order = self.plan()
        iterations, instructions = self.iterate(order, said.get("coreOrder", []))
        self.drop_tasks()
        for canister in self.charge(): self.exhaust(canister)
        self.abort(order)
        self.fill_stream()
        self.shorten_history()
        self.reset_sources()
        self.emit("round-ended", height=self.height, iterations=iterations, instructions=instructions)

    def induct_ingress(self):
        while self.pool:
            call = self.pool.popleft()
            ingress, canister = call.origin["ingress"], self.canisters[call.callee]
            fee, is_paused = self.prices.reception(size(call.payload)), self.is_paused(canister)
            if self.can_pay(canister, fee + (canister.under_way.postponed if is_paused else 0)):
                if is_paused: canister.under_way.postponed += fee
                else:
                    canister.balance -= fee
                    self.burned += fee
                self.history[ingress] = "processing", None
                canister.ingress.append(call)
                self.emit("ingress-inducted", ingress=ingress, canister=canister.id, fee=fee, balance=canister.balance)
            else: self.answer_ingress(ingress, reject("IC0207"))

    def choose_tasks(self):
        for canister in self.canisters.values():
            due = canister.timer is not None and canister.timer <= self.time
            applies = {"timer": due, "heartbeat": "heartbeat" in canister.scripts, "message": canister.has_input()}
            if canister.under_way or not (applies["timer"] or applies["heartbeat"]): continue
            while not applies[canister.turn]: canister.turn = FOLLOWING[canister.turn]
            chosen, canister.turn = canister.turn, FOLLOWING[canister.turn]
            if chosen != "message":
                chosen_first = sorted(TASKS, key=lambda task: task != chosen)
                canister.tasks.extend(TASKS[task] for task in chosen_first if applies[task])
            self.emit("tasks-chosen", canister=canister.id, turn=chosen)

    def plan(self):
        """Credits and charges the canisters; gives the order of the round."""
        cores, canisters = self.parameters["cores"], list(self.canisters.values())
        if len(canisters) > cores:
            free = 100 * cores - sum(canister.allocation for canister in canisters)
            is_reset = self.height % (100 * cores * len(canisters)) == 0
            for canister in canisters:
                if is_reset: canister.accumulated_priority = 0
                canister.accumulated_priority += cores * len(canisters) * canister.allocation + cores * free
            canisters.sort(key=lambda canister: -canister.accumulated_priority)  # stable: ties stay in the order of ids
            for canister in canisters[:cores]:
                canister.accumulated_priority -= 100 * cores * len(canisters)
        return canisters

    def iterate(self, order, core_order):
        """Gives the number of iterations, and the sum over them of the most that one core used."""
        cores = range(self.parameters["cores"])
        counter = self.parameters["roundInstructionLimit"] - (self.slice + self.overhead) + 1
        iteration, total, events = 0, 0, self.events
        for canister in order: canister.rests = False
        while counter >= 1 and (active := [canister for canister in order if canister.is_active()]):
            iteration, used, events_of = iteration + 1, {}, {}
            share = self.share()
            for core in sorted(cores, key=[*core_order, *cores].index):  # they share nothing: any order will do
                self.events, used[core] = events_of.setdefault(core, []), 0
                self.core = share
                for canister in active[core::len(cores)]:
                    if used[core] < counter:
                        used[core] += self.run_turn(canister, counter - used[core], iteration, core)
            self.events = events = events + [event for core in cores for event in events_of[core]]
            counter, total = counter - max(used.values()), total + max(used.values())
            if counter >= 1: self.induct()
        return iteration, total

    def share(self):
        cores, canisters = self.parameters["cores"], self.canisters.values()
        callbacks, used = sum(len(canister.callbacks) for canister in canisters), sum(map(self.memory, canisters))
        return Share(self.free_memory() // cores, max(0, self.parameters["callbackLimit"] - callbacks), used // cores)

    def run_turn(self, canister, left, iteration, core):
        turn, used = {"iteration": iteration, "core": core, "canister": canister.id}, 0
        self.emit("turn-began", **turn)
        while canister.is_active() and used < left: used += self.run_next(canister) + self.overhead
        self.emit("turn-ended", **turn, instructions=used, drained=not canister.has_input())
        return used

    def drop_tasks(self):
        for canister in self.canisters.values():
            if canister.tasks: self.emit("tasks-dropped", canister=canister.id)
            canister.tasks.clear()

    def exhaust(self, canister):
        self.take_code(canister)
        burned = canister.balance + canister.reserved
        canister.balance, canister.reserved, canister.allocation = 0, 0, 0
        self.burned += burned
        self.emit("ran-dry", canister=canister.id, burned=burned)
        self.withdraw_contexts(canister)

    def reset_sources(self):
        for canister in self.canisters.values():
            owes_answers = any(context.is_open_call() for context in canister.contexts.values())
            is_busy = canister.has_input() or canister.all_outputs() or canister.under_way or canister.callbacks
            if not (is_busy or owes_answers):
                canister.source = "local"


# ------------------------------------------------------------ 8. The wire
EXCLUDED = {
    "the standard library has no BLS12-381": ["block-finalise", "share-admit", "tape-make", "tape-deliver"],
    "it is a subnet without others": ["message-ignore", "refund-stream", "refund-induct"],
    "it has no calls with a timeout": ["message-expire", "callback-expire", "response-late", "message-shed",
                                       "cycles-lose", "cycles-return"],
    "it does not inspect ingress messages": ["ingress-inspect", "message-accept"],
    "it does not limit the memory of a canister": ["hook-ready"],
    "it answers no queries": ["query-*"],
    "its scripts do not ask who takes part": ["identity-read"],
    "it certifies no data, and nobody reads its state": ["data-certify", "certificate-*"],
    "its management canister gives randomness, and nothing else": [
        "management-*", "canister-stop", "canister-rest", "stop-answer", "stop-expire", "canister-start", "cycles-deposit",
        "settings-update", "canister-make", "info-tell", "install-*", "code-replace",
        "snapshot-*", "chunk-keep", "chunks-*", "signature-ask", "outcall-ask", "nonce-draw", "consensus-answer",
        "bitcoin-route", "cycles-provide"],
    "it has no tokens": ["tokens-transfer", "conversion-*", "cycles-mint", "reward-mint", "rate-set"],
    "it schedules as published": ["schedule-rank", "long-cores", "cores-divide", "full-round", "full-idle", "full-count",
                                  "start-charge", "rounds-charge", "allocation-grant", "priority-decay", "free-share",
                                  "suspension-charge"],
    # It is in `plan`. But a rule that is claimed has to be seen, and Canon draws no world of 200 rounds.
    "as published it comes later than Canon can see": ["priority-reset"],
    "it does not count what is written": ["round-gate", "canister-suspend", "debit-decay", "checkpoint"],
    "a canister leaves its core for nothing": ["turn-end"],
    "none of its canisters goes": ["canister-delete", "response-orphan"],
}


def check_supported(canister):
    if {"inspect", "lowMemory"} & canister.keys(): raise ValueError("expected a canister without inspection and hook")


def is_sound(genesis):
    """No faults, in the sense of `faultsOf` in `spec/genesis.ts`, and nothing that is excluded."""
    parameters, canisters = genesis["parameters"], genesis["canisters"]
    ids = [said["id"] for said in canisters]
    names = [*ids, *((said["id"], method["name"]) for said in canisters for method in said["methods"])]
    at_least_one = ["cores", "messageOverhead", "tapeLag", "queueCapacity", "streamCapacity", "historyCapacity",
                    "sliceInstructionLimit"]
    limits_of_heap = [f"heapDelta{name}" for name in ("IterationLimit", "RateLimit", "Capacity", "Reserve")]
    one_slice = min(parameters["sliceInstructionLimit"], parameters["messageInstructionLimit"])
    storage = parameters["storage"]
    for said in canisters: check_supported(said)
    return (all(parameters[name] >= 1 for name in at_least_one) and parameters["fees"]["referenceSubnetSize"] >= 1
            and 0 <= parameters["cleanupReserve"] <= 100 and parameters["maxPayload"] >= 32
            and parameters["roundInstructionLimit"] >= one_slice + parameters["messageOverhead"]
            and int(parameters["historyLifetime"]) >= int(parameters["ingressLifetime"])
            and sum(said["computeAllocation"] for said in canisters) <= 100 * parameters["cores"]
            and (storage["period"] == 0
                 or storage["capacity"] // parameters["cores"] > storage["threshold"] // parameters["cores"])
            and all(said.get("stablePages", 0) <= max(0, parameters["maxPages"] - parameters["heapPages"]) for said in canisters)
            and len(set(names)) == len(names)
            and all(re.fullmatch("[a-z0-9-]{1,32}", id) and id != MANAGEMENT for id in ids)
            and parameters["scheduler"] == "published" and 0 <= parameters["allocatable"] <= 100
            and all(parameters[name] == UNLIMITED for name in limits_of_heap)
            and parameters["canisterOverhead"] == parameters["finalisationOverhead"] == 0
            and not {"committee", "network", "tokens"} & genesis.keys())


def converse(name="canon-python"):
    """Answers each line with one line; whatever is wrong with it is an answer, too."""
    implementation = {"name": name, "version": "3.0.0", "language": "Python", "commit": None}
    excludes = [{"rule": rule, "reason": reason} for reason, rules in EXCLUDED.items() for rule in rules]
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
            elif kind == "boot" and is_sound(said["genesis"]):
                machine, answer = Machine(said["genesis"]), {"type": "booted", "id": number}
            elif kind == "apply" and machine:
                answer = {"type": "applied", "id": number, "observation": machine.apply(said["input"])}
            elif kind == "bye": return print('{"type":"bye"}')
            else: raise ValueError(f"expected hello of version 1, sound boot, apply after boot, or bye, got {kind}")
        except Exception as wrong:
            answer = {"type": "error", "id": number, "message": f"{type(wrong).__name__}: {wrong}"}
        print(json.dumps(answer, separators=(",", ":")), flush=True)


if __name__ == "__main__": converse()
