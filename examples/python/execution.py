"""
Running one message or task on a canister, from its prepayment to its answer (docs/machine.md, chapter 5).

A machine that executes real code has something else in place of `run`, `value` and `send`, which interpret scripts;
the rest stays as it is.
"""
from copy import copy, deepcopy

from messages import Messages
from subnet import Call, Callback, Context, is_response, reject, reply, size

ANSWERING = {"accept", "reply", "reject"}  # what a task and a cleanup may not do


class Trap(Exception): """Its argument is the error."""


class Execution:
    """The report is what the event `executed` will say; the requests enter their queues at the end."""

    def __init__(self, canister, number, message, forbidden=(), **report):
        self.canister, self.number, self.context, self.message = canister, number, canister.contexts[number], message
        self.used, self.answer, self.forbidden, self.pages_before = 0, None, forbidden, dict(canister.pages)
        self.requests = []
        self.report = {"cleanup": "none", "refunded": 0, "transmissionReserve": 0, "transmissionFee": 0,
                       "accepted": 0, "burned": 0, "calls": [], "refusedCalls": [], **report}


class Executions(Messages):
    def run_next(self, canister):
        """Gives the instructions used."""
        message = canister.tasks.popleft() if canister.tasks else canister.take()
        return self.run_response(canister, message) if is_response(message) else self.run_call(canister, message)

    def run_call(self, canister, call):
        is_task, affordable = call.origin["kind"] == "system", self.can_pay(canister, self.prepayment)
        cause = {"kind": call.method} if is_task else {
            "kind": "update", "origin": call.origin, "method": call.method, "attached": str(call.cycles)}
        script = (canister.scripts if is_task else canister.methods).get(call.method)
        if affordable: canister.balance -= self.prepayment
        if not affordable or script is None:
            error = "IC0207" if not affordable else "IC0536" if canister.has_code else "IC0537"
            charged = self.settle(canister, used=0) if affordable else 0
            refused = {"canister": canister.id, "cause": cause, "error": error, "charged": charged}
            self.emit("not-executed", **refused, balance=canister.balance)
            if not is_task: self.answer(canister, None, call.origin, reject(error), call.cycles)
            return 0
        number, canister.next_context = canister.next_context, canister.next_context + 1
        canister.contexts[number] = Context(call.origin, call.cycles, "responded" if is_task else "open")
        if is_task and call.method == "timer": canister.timer = None
        execution = Execution(canister, number, call.payload, ANSWERING if is_task else (), cause=cause)
        return self.finish(execution, self.attempt(execution, script, self.limit))

    def run_response(self, canister, response):
        number, result, is_reply = response.origin["callback"], response.result, response.result["kind"] == "reply"
        callback, message = canister.callbacks.pop(number), result["payload"] if is_reply else f"{result['code']:02x}"
        refunded, fee = min(response.cycles, callback.attached), self.transmission_fee(size(message)) if is_reply else 0
        canister.balance += refunded + self.transmission_reserve - fee
        self.burned += fee
        if canister.contexts[callback.context].status == "deleted":
            canister.balance += self.prepayment
            self.emit("response-discarded", canister=canister.id, callback=number, refunded=refunded,
                      released=self.reserve - fee, transmissionFee=fee, balance=canister.balance)
            self.remove_if_childless(canister, callback.context)
            return 0
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
            context.available, execution.answer, execution.report, execution.requests = available, None, report, []
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
                if context.status != "open" or execution.answer: raise Trap("IC0504")
                if size(value) > self.max_payload: raise Trap("IC0504")
                execution.answer = reply(value) if op == "reply" else reject("IC0406"), context.take_available()
            elif op == "trap": raise Trap("IC0503")
            elif op == "accept-message": raise Trap("IC0504")  # only an inspection may
            elif op == "burn":
                cycles = min(int(said["cycles"]), self.liquid(canister))
                canister.balance -= cycles
                report["burned"] += cycles
            elif op == "set-timer": canister.timer = None if said["after"] is None else self.time + int(said["after"])

    def value(self, execution, said):
        canister, available, refunded = execution.canister, execution.context.available, execution.report["refunded"]
        return {"bytes": said.get("bytes"), "message": execution.message, "time": f"{self.time:016x}",
                "page": canister.pages.get(said.get("page"), ""), "balance": f"{canister.balance:032x}",
                "available": f"{available:032x}", "refunded": f"{refunded:032x}", "deadline": f"{0:016x}"}[said["kind"]]

    def send(self, execution, said, payload, limit):
        canister, callee, method, attached = execution.canister, said["callee"], said["method"], int(said["attached"])
        liquid, fee = self.liquid(canister), self.call_fee(size(payload))
        if size(payload) > self.max_payload: raise Trap("IC0504")
        if attached > liquid: raise Trap("IC0520")
        error = self.reason_not_to_send(execution, callee, attached + fee + self.reserve > liquid)
        if error:
            execution.report["refusedCalls"].append({"callee": callee, "error": error})
            return self.run(execution, said["onRefused"], limit)
        canister.balance -= attached + fee + self.reserve
        number, canister.next_callback = canister.next_callback, canister.next_callback + 1
        canister.callbacks[number] = Callback(execution.number, callee, attached, said)
        origin = {"kind": "canister", "canister": canister.id, "callback": number}
        expiry = self.time + int(self.parameters["requestLifetime"])
        execution.requests.append(Call(origin, callee, method, payload, attached, self.height, expiry))
        execution.report["calls"].append({
            "callback": number, "callee": callee, "method": method, "bytes": size(payload), "deadline": None,
            "attached": str(attached), "fee": str(fee), "reserve": str(self.reserve)})

    def reason_not_to_send(self, execution, callee, is_too_dear):
        callbacks, sent = execution.canister.callbacks.values(), len(execution.requests)
        if sum(callback.callee == callee for callback in callbacks) >= self.parameters["queueCapacity"]: return "IC0201"
        if self.core_memory - sent * self.max_payload < self.max_payload: return "IC0507"
        if len(callbacks) >= self.parameters["callbackQuota"] and self.core_callbacks <= sent: return "IC0101"
        return "IC0207" if is_too_dear else None

    def finish(self, execution, trap):
        """Gives the instructions used."""
        canister, number, context = execution.canister, execution.number, execution.context
        report, answer, charged = execution.report, execution.answer, self.settle(canister, execution.used)
        self.burned += report["burned"] + sum(int(call["fee"]) for call in report["calls"])
        for request in execution.requests: canister.outputs[request.callee].append(request)
        self.core_memory -= len(execution.requests) * self.max_payload
        self.core_callbacks = max(0, self.core_callbacks - len(execution.requests))
        wrote = [[page, to] for page, to in sorted(canister.pages.items()) if to != execution.pages_before.get(page)]
        self.emit("executed", canister=canister.id, context=number, trap=trap, **report, instructions=execution.used,
                  prepaid=self.prepayment, charged=charged, wrote=wrote, timer=canister.timer, balance=canister.balance)
        if not answer and context.status == "open" and not canister.open_calls(number):
            answer = reject(trap or "IC0506"), context.take_available()
        if answer:
            context.status = "responded"
            self.answer(canister, number, context.origin, *answer)
        self.remove_if_childless(canister, number)
        return execution.used

    def remove_if_childless(self, canister, context):
        if canister.open_calls(context) == 0:
            del canister.contexts[context]
            self.emit("context-removed", canister=canister.id, context=context, remaining=len(canister.contexts))
