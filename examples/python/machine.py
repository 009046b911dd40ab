#!/usr/bin/env python3
"""
A machine for Canon. It follows `docs/machine.md` and speaks `canon/1` on standard input and output; it is written to be
read by somebody who writes such a machine in another language. In here are its inputs and the wire (chapters 3 and 8);
below it, each on the one before it, are `subnet.py`, `messages.py` and `execution.py`.

It is a subnet without others, and all its calls have a guaranteed response: what it leaves out stands in `EXCLUDED`.
"""
import json, pickle, re, sys

from execution import Executions
from subnet import Call, reject, size

TASKS = {task: Call({"kind": "system"}, None, task, "", 0, None, None) for task in ("timer", "heartbeat")}
UNLIMITED = 2**53 - 1  # a limit that nothing reaches: the greatest whole number of the wire
FOLLOWING = {"timer": "heartbeat", "heartbeat": "message", "message": "timer"}  # whose turn comes behind whose


class Machine(Executions):
    # ------------------------------------------------------------ 3. Inputs
    def apply(self, said):
        handlers = {"ingress": self.ingress, "top-up": self.top_up, "uninstall": self.uninstall,
                    "restart": self.restart, "round": self.round}
        self.events, self.draws = [], []
        handlers[said["kind"]](said)
        return {"events": self.events, "ledger": self.ledger(), "draws": self.draws, "stateRoot": self.state_root()}

    def ingress(self, said):
        ingress, length, canister = said["id"], size(said["payload"]), self.canisters.get(said["canister"])
        latest = self.time + int(self.parameters["ingressLifetime"])
        expiry = int(said.get("expiry", latest))
        error = ("CN0001" if ingress in self.history
                 else "CN0002" if length > self.max_payload
                 else "CN0010" if self.time > expiry
                 else "CN0011" if expiry > latest
                 else "IC0204" if len(self.history) >= self.parameters["historyCapacity"]
                 else "IC0301" if canister is None
                 else "IC0537" if not canister.has_code
                 else "IC0207" if not self.can_pay(canister, self.reception_fee(length)) else None)
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

    def uninstall(self, said):
        canister = self.canisters.get(said["canister"])
        if canister is None: return self.emit("uninstall-refused", canister=said["canister"], error="IC0301")
        self.take_code(canister)
        self.emit("uninstalled", canister=canister.id)
        self.withdraw_contexts(canister)

    def take_code(self, canister):
        canister.has_code, canister.methods, canister.scripts, canister.pages, canister.timer = False, {}, {}, {}, None

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
        iterations, instructions = self.iterate(self.plan(), said.get("coreOrder", []))
        self.drop_tasks()
        for canister in self.charge(): self.exhaust(canister)
        self.fill_stream()
        self.shorten_history()
        self.reset_sources()
        self.emit("round-ended", height=self.height, iterations=iterations, instructions=instructions)

    def induct_ingress(self):
        while self.pool:
            call = self.pool.popleft()
            ingress, canister = call.origin["ingress"], self.canisters[call.callee]
            fee = self.reception_fee(size(call.payload))
            if self.can_pay(canister, fee):
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
            if not (applies["timer"] or applies["heartbeat"]): continue
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
        counter = self.parameters["roundInstructionLimit"] - (self.limit + self.overhead) + 1
        iteration, total, events = 0, 0, self.events
        while counter >= 1 and (active := [canister for canister in order if canister.is_active()]):
            iteration, used, events_of = iteration + 1, {}, {}
            callbacks = sum(len(canister.callbacks) for canister in self.canisters.values())
            shares = self.free_memory() // len(cores), max(0, self.parameters["callbackLimit"] - callbacks)
            for core in sorted(cores, key=[*core_order, *cores].index):  # they share nothing: any order will do
                self.events, used[core] = events_of.setdefault(core, []), 0
                self.core_memory, self.core_callbacks = shares
                for canister in active[core::len(cores)]:
                    if used[core] < counter:
                        used[core] += self.run_turn(canister, counter - used[core], iteration, core)
            self.events = events = events + [event for core in cores for event in events_of[core]]
            counter, total = counter - max(used.values()), total + max(used.values())
            if counter >= 1: self.induct()
        return iteration, total

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
        burned, canister.balance, canister.allocation = canister.balance, 0, 0
        self.burned += burned
        self.emit("ran-dry", canister=canister.id, burned=burned)
        self.withdraw_contexts(canister)

    def reset_sources(self):
        for canister in self.canisters.values():
            owes_answers = any(context.is_open_call() for context in canister.contexts.values())
            if not (canister.has_input() or canister.all_outputs() or owes_answers or canister.callbacks):
                canister.source = "local"


# ------------------------------------------------------------ 8. The wire
EXCLUDED = {
    "the standard library has no BLS12-381": ["block-finalise", "share-admit", "tape-make", "tape-deliver"],
    "it is a subnet without others": ["message-ignore", "refund-stream", "refund-induct"],
    "it has no calls with a timeout": ["message-expire", "callback-expire", "response-late", "message-shed",
                                       "cycles-lose", "cycles-return"],
    "it does not inspect ingress messages": ["ingress-inspect", "message-accept"],
    "it does not limit the memory of a canister": ["hook-ready"],
    "it runs every message in one go": ["execution-pause", "execution-resume", "execution-hold", "execution-finish",
                                        "execution-abort", "ingress-postpone"],
    "it schedules as published": ["schedule-rank", "long-cores", "cores-divide", "full-round", "full-idle", "full-count",
                                  "start-charge", "rounds-charge", "allocation-grant", "priority-decay", "free-share",
                                  "suspension-charge"],
    # It is in `plan`. But a rule that is claimed has to be seen, and Canon draws no world of 200 rounds.
    "as published it comes later than Canon can see": ["priority-reset"],
    "it does not count what is written": ["round-gate", "canister-suspend", "debit-decay", "checkpoint"],
    "a canister leaves its core for nothing": ["turn-end"],
    "its canisters are those of the genesis": ["canister-create", "canister-delete", "allocation-set", "response-orphan"],
}


def is_sound(genesis):
    """No faults, in the sense of `faultsOf` in `spec/genesis.ts`, and nothing that is excluded."""
    parameters, canisters = genesis["parameters"], genesis["canisters"]
    ids = [said["id"] for said in canisters]
    names = [*ids, *((said["id"], method["name"]) for said in canisters for method in said["methods"])]
    at_least_one = ["cores", "messageOverhead", "tapeLag", "queueCapacity", "streamCapacity", "historyCapacity"]
    limits_of_heap = [f"heapDelta{name}" for name in ("IterationLimit", "RateLimit", "Capacity", "Reserve")]
    message = parameters["messageInstructionLimit"] + parameters["messageOverhead"]
    return (all(parameters[name] >= 1 for name in at_least_one) and parameters["fees"]["referenceSubnetSize"] >= 1
            and 0 <= parameters["cleanupReserve"] <= 100 and parameters["maxPayload"] >= 32
            and parameters["roundInstructionLimit"] >= message
            and int(parameters["historyLifetime"]) >= int(parameters["ingressLifetime"])
            and sum(said["computeAllocation"] for said in canisters) <= 100 * parameters["cores"]
            and len(set(names)) == len(names)
            and all(re.fullmatch("[a-z0-9-]{1,32}", id) and id != "aaaaa-aa" for id in ids)
            and parameters["scheduler"] == "published" and 0 <= parameters["allocatable"] <= 100
            and parameters["sliceInstructionLimit"] >= max(1, parameters["messageInstructionLimit"])
            and all(parameters[name] == UNLIMITED for name in limits_of_heap)
            and parameters["canisterOverhead"] == parameters["finalisationOverhead"] == 0
            and not {"committee", "network"} & genesis.keys()
            and not any({"inspect", "lowMemory"} & said.keys() for said in canisters))


def converse(name="canon-python"):
    """Answers each line with one line; whatever is wrong with it is an answer, too."""
    implementation = {"name": name, "version": "2.0.0", "language": "Python", "commit": None}
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
