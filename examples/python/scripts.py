"""
The scripts that stand for the code of canisters (docs/machine.md, chapter 5, the table of instructions).

A machine that executes real code has something else in place of this file; the rest stays as it is.
"""
from copy import copy, deepcopy

from messages import Messages
from subnet import Call, Callback, is_response, reject, reply, size


NOTHING = {"kind": "bytes", "bytes": ""}


class Trap(Exception): """Its argument is the error."""


class Execution:
    """
    The report is what the event `executed` will say; the requests enter their queues at the end. Whatever instruction or
    value is `forbidden` traps.
    """

    def __init__(self, canister, number, message, work, forbidden=(), **report):
        self.canister, self.number, self.message, self.start = canister, number, message, work.start
        self.used, self.answer, self.forbidden, self.pages_before = 0, None, forbidden, dict(canister.pages)
        self.in_use_before, self.stable_before = canister.pages_in_use, canister.stable_pages
        self.used_before = 0  # by the callback, where this is its cleanup
        self.requests, self.is_callback = [], is_response(work.message)
        self.report = {"cleanup": "none", "refunded": 0, "transmissionReserve": 0, "transmissionFee": 0,
                       "accepted": 0, "burned": 0, "reserved": 0, "calls": [], "refusedCalls": [], **report}

    @property
    def context(self): return self.canister.contexts[self.number]

    @property
    def new_pages(self): return self.canister.pages_in_use - self.in_use_before


def copy_of(canister):
    """As deep as one execution reaches: what is queued is not touched by it."""
    held = {name: copy(value) for name, value in vars(canister).items()}
    return {**held, "contexts": {number: copy(context) for number, context in canister.contexts.items()}}


class Scripts(Messages):
    def attempt(self, execution, script, limit, late=0):
        """
        Runs a script until the instructions used reach the limit. A trap is taken back; gives its error, or None. What
        the balance gets or loses behind the end counts when it is looked at there.
        """
        canister, before, report = execution.canister, copy_of(execution.canister), deepcopy(execution.report)
        try:
            self.run(execution, script, limit)
            if not execution.is_callback and canister.balance + late < self.threshold(canister): raise Trap("IC0207")
            canister.version += 1
        except Trap as trap:
            vars(canister).update(before)
            execution.answer, execution.report, execution.requests = None, report, []
            execution.used = min(execution.used, limit)
            return trap.args[0]

    def run(self, execution, script, limit):
        canister, report = execution.canister, execution.report
        for said in script:
            op, context, read = said["op"], execution.context, said.get("value") or said.get("payload") or NOTHING
            execution.used += said["instructions"] if op == "consume" else 1
            if execution.used > limit: raise Trap("IC0522")
            if op in execution.forbidden or read["kind"] in execution.forbidden: raise Trap("IC0504")
            value = self.value(execution, read)
            if op == "write": self.write(execution, said["page"], value)
            elif op == "stable-grow": self.grow(execution, said["pages"])
            elif op == "when-odd":
                self.run(execution, said["then" if int(value[-1:] or "0", 16) % 2 else "otherwise"], limit)
            elif op == "call": self.send(execution, said, value, limit)
            elif op == "accept":
                cycles = min(int(said["cycles"]), context.available)
                context.available -= cycles
                canister.balance += cycles
                report["accepted"] += cycles
            elif op in ("reply", "reject"):
                if context.status != "open" or execution.answer: raise Trap("IC0504")
                if size(value) > self.max_payload: raise Trap("IC0504")
                execution.answer = reply(value) if op == "reply" else reject("IC0406"), context.take_available()
            elif op == "trap": raise Trap("IC0503")
            elif op == "accept-message": raise Trap("IC0504")  # only an inspection may
            elif op == "burn":
                cycles = min(int(said["cycles"]), self.liquid(canister))
                canister.balance -= cycles
                report["burned"] += cycles
            elif op == "set-timer":
                canister.timer = None if said["after"] is None else execution.start.time + int(said["after"])

    def value(self, execution, said):
        canister, available, refunded = execution.canister, execution.context.available, execution.report["refunded"]
        if said["kind"] == "page" and not self.is_inside(canister, said["page"]): raise Trap("IC0502")
        return {"bytes": said.get("bytes"), "message": execution.message, "time": f"{execution.start.time:016x}",
                "page": canister.pages.get(said.get("page"), ""), "balance": f"{canister.balance:032x}",
                "available": f"{available:032x}", "refunded": f"{refunded:032x}", "deadline": f"{0:016x}",
                "version": f"{canister.version:016x}", "stable-size": f"{canister.stable_pages:016x}",
                "instructions": f"{execution.used - execution.used_before:016x}"}[said["kind"]]

    def is_inside(self, canister, page):
        return 0 <= page < min(self.parameters["maxPages"], canister.heap_pages + canister.stable_pages)

    def write(self, execution, page, content):
        canister = execution.canister
        if not self.is_inside(canister, page) or size(content) > self.page_size: raise Trap("IC0502")
        is_new = page < canister.heap_pages and page not in canister.pages
        self.pay_for_memory(execution, int(is_new), lambda: canister.pages.update({page: content}))

    def memory_seen(self, execution): return execution.start.share.storage + execution.new_pages * self.page_size

    def grow(self, execution, pages):
        """All of it or nothing: as far as there are pages, and as far as the core has a share of the memory."""
        canister, used = execution.canister, self.memory_seen(execution)
        room = self.room - canister.stable_pages
        share = self.parameters["storage"]["capacity"] // self.parameters["cores"]
        if pages > room or pages > 0 and used + pages * self.page_size > share: return
        self.pay_for_memory(execution, pages, lambda: vars(canister).update(stable_pages=canister.stable_pages + pages))

    def pay_for_memory(self, execution, pages, take):
        """The threshold is that with the pages that are taken."""
        canister, used = execution.canister, self.memory_seen(execution)
        cycles = self.prices.to_set_aside(used, used + pages * self.page_size)
        if cycles > 0 and canister.reserved + cycles > canister.reserved_limit: raise Trap("IC0534")
        if canister.balance < cycles: raise Trap("IC0532")
        canister.balance -= cycles
        canister.reserved += cycles
        take()
        if pages > 0 and not execution.is_callback and not self.can_pay(canister, 0): raise Trap("IC0532")
        execution.report["reserved"] += cycles

    def send(self, execution, said, payload, limit):
        canister, callee, method, attached = execution.canister, said["callee"], said["method"], int(said["attached"])
        fee, transmission, prepayment = self.prices.call(size(payload)), self.prices.transmission_reserve, self.prices.prepayment
        price = attached + fee + transmission + prepayment
        if size(payload) > self.max_payload: raise Trap("IC0504")
        if attached > self.liquid(canister): raise Trap("IC0520")
        error = self.reason_not_to_send(execution, callee, price)
        if error:
            execution.report["refusedCalls"].append({"callee": callee, "error": error})
            return self.run(execution, said["onRefused"], limit)
        canister.balance -= price
        number, canister.next_callback = canister.next_callback, canister.next_callback + 1
        canister.callbacks[number] = Callback(execution.number, callee, attached, transmission, prepayment, said)
        origin = {"kind": "canister", "canister": canister.id, "callback": number}
        expiry = self.time + int(self.parameters["requestLifetime"])
        execution.requests.append(Call(origin, callee, method, payload, attached, self.height, expiry))
        execution.report["calls"].append({
            "callback": number, "callee": callee, "method": method, "bytes": size(payload), "deadline": None,
            "attached": str(attached), "fee": str(fee), "reserve": str(transmission + prepayment)})

    def reason_not_to_send(self, execution, callee, price):
        canister, share, sent = execution.canister, execution.start.share, len(execution.requests)
        to_callee = sum(callback.callee == callee for callback in canister.callbacks.values())
        if to_callee >= self.parameters["queueCapacity"]: return "IC0201"
        if share.memory - sent * self.max_payload < self.max_payload: return "IC0507"
        if len(canister.callbacks) >= self.parameters["callbackQuota"] and share.callbacks <= sent: return "IC0101"
        if price > self.liquid(canister): return "IC0207"
        if canister.balance - price < self.threshold(canister, more_for_messages=self.max_payload): return "IC0535"
