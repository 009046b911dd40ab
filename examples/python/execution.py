"""
Running one message or task on a canister, from its prepayment to its answer (docs/machine.md, chapter 5), or as much of
it as fits into a slice. What becomes of the others is in `slices.py`.
"""
from collections import namedtuple

from scripts import Execution, Scripts, copy_of
from subnet import Context, is_response, reject, reply_size

ANSWERING = {"accept", "reply", "reject"}  # what a task and a cleanup may not do
GIVEN = {"message", "available", "refunded", "deadline"}  # what they may not read

# Of what cores share, what is left to one: memory for responses, callbacks, and the memory in use as it sees it.
Share = namedtuple("Share", "memory callbacks storage")
# What an execution goes by, however many slices it needs.
Start = namedtuple("Start", "time prices balance share messages")


class UnderWay:
    """A message or task that left its queue and is not over. Between turns `since` says in which round it was paused."""

    def __init__(self, message):
        self.message, self.prepaid, self.since, self.postponed = message, 0, None, 0
        self.start, self.slices, self.instructions = None, 0, 0  # of this attempt


def cause_of(message):
    if is_response(message):
        return {"kind": "response", "callback": message.origin["callback"], "result": message.result["kind"]}
    if message.origin["kind"] == "system": return {"kind": message.method}
    return {"kind": "update", "origin": message.origin, "method": message.method, "attached": str(message.cycles)}


class Executions(Scripts):
    def run_next(self, canister):
        """Gives the instructions used."""
        message = canister.tasks.popleft() if canister.tasks else canister.take()
        work = canister.under_way = UnderWay(message)
        if is_response(message):
            callback = canister.callbacks[message.origin["callback"]]
            if canister.contexts[callback.context].status == "deleted": return self.discard(canister)
        else:
            if not self.can_pay(canister, self.prices.prepayment): return self.refuse(canister, "IC0207")
            canister.balance -= self.prices.prepayment
            work.prepaid = self.prices.prepayment
            if self.script_of(canister, message) is None:
                charged = self.settle(canister, used=0)
                return self.refuse(canister, "IC0536" if canister.has_code else "IC0537", charged)
        self.begin_attempt(canister)
        return self.run_slice(canister)

    def begin_attempt(self, canister):
        work, canister.under_way = canister.under_way, None
        work.start = Start(self.time, self.prices, canister.balance, self.core, self.memory_for_messages(canister))
        canister.under_way = work

    def script_of(self, canister, call):
        return (canister.scripts if call.origin["kind"] == "system" else canister.methods).get(call.method)

    def run_slice(self, canister):
        """Runs what is under way as if in one go. When that is more than its slices so far and another, it did not happen."""
        work, before, prices_of_now = canister.under_way, copy_of(canister), self.prices
        gained = canister.balance - work.start.balance
        canister.under_way, canister.balance, self.prices = None, work.start.balance, work.start.prices
        canister.messages_since = self.memory_for_messages(canister) - work.start.messages
        if is_response(work.message): execution, trap = self.run_response(canister, work)
        else: execution, trap = self.run_call(canister, work, gained - work.postponed)
        if execution and execution.used > work.instructions + self.slice: self.pause(canister, work, before)
        elif execution: self.finish(execution, trap, work, gained)
        self.prices, canister.messages_since = prices_of_now, 0
        if not execution: return 0
        return self.slice if canister.under_way else max(0, execution.used - work.instructions)

    def run_call(self, canister, work, late):
        call, is_task = work.message, work.message.origin["kind"] == "system"
        number, canister.next_context = canister.next_context, canister.next_context + 1
        canister.contexts[number] = Context(call.origin, call.cycles, "responded" if is_task else "open")
        if is_task and call.method == "timer": canister.timer = None
        execution = Execution(canister, number, call.payload, work, {*ANSWERING, *GIVEN} if is_task else {"refunded"})
        return execution, self.attempt(execution, self.script_of(canister, call), self.limit, late)

    def run_response(self, canister, work):
        callback, refunded, fee = self.close_callback(canister, work.message)
        brought, is_reply = refunded + callback.transmission - fee, work.message.result["kind"] == "reply"
        if canister.balance + brought + callback.execution < self.prices.prepayment:
            self.refuse_callback(canister, work, callback, refunded, fee)
            return None, None
        canister.balance += brought + callback.execution - self.prices.prepayment
        message = work.message.result["payload"] if is_reply else f"{work.message.result['code']:02x}"
        execution = Execution(canister, callback.context, message, work, refunded=refunded,
                              transmissionReserve=callback.transmission, transmissionFee=fee)
        limit = self.limit - self.limit * self.parameters["cleanupReserve"] // 100
        trap = self.attempt(execution, callback.scripts["onReply" if is_reply else "onReject"], limit)
        if trap and callback.scripts["onCleanup"]:
            execution.forbidden = {"call", *ANSWERING, *GIVEN}
            execution.used_before = execution.used
            trap_of_cleanup = self.attempt(execution, callback.scripts["onCleanup"], self.limit)
            execution.report["cleanup"] = "trapped" if trap_of_cleanup else "completed"
        return execution, trap

    def close_callback(self, canister, response):
        """Gives the callback, what of the refund it is owed, and the fee for the transmission."""
        callback = canister.callbacks.pop(response.origin["callback"])
        fee = min(self.prices.transmission(reply_size(response)), callback.transmission)
        return callback, min(response.cycles, callback.attached), fee

    def settle(self, canister, used):
        """Gives what is burned of the prepayment."""
        refund = min(self.prices.refund(used), self.prices.prepayment)
        canister.balance += refund
        self.burned += self.prices.prepayment - refund
        return self.prices.prepayment - refund

    # ------------------------------------------------------------ Without an execution, and without instructions
    def refuse(self, canister, error, charged=0):
        call, canister.under_way = canister.under_way.message, None
        self.emit("not-executed", canister=canister.id, cause=cause_of(call), error=error, charged=charged, balance=canister.balance)
        if call.origin["kind"] != "system": self.answer(canister, None, call.origin, reject(error), call.cycles)
        return 0

    def discard(self, canister):
        response, canister.under_way = canister.under_way.message, None
        callback, refunded, fee = self.close_callback(canister, response)
        self.give_back(canister, callback, refunded, fee, "response-discarded", response.origin["callback"])
        self.remove_if_childless(canister, callback.context)
        return 0

    def refuse_callback(self, canister, work, callback, refunded, fee):
        charged, number = min(self.prices.base, callback.execution), work.message.origin["callback"]
        self.give_back(canister, callback, refunded, fee, "callback-refused", number, error="IC0207", charged=charged)
        self.rest(canister, work)
        self.conclude(canister, callback.context, None, "IC0207")

    def give_back(self, canister, callback, refunded, fee, kind, number, **said):
        kept = fee + said.get("charged", 0)
        released = callback.transmission + callback.execution - kept
        canister.balance += refunded + released
        self.burned += kept
        self.emit(kind, canister=canister.id, callback=number, refunded=refunded, released=released,
                  transmissionFee=fee, balance=canister.balance, **said)

    # ------------------------------------------------------------ The end
    def pause(self, canister, work, before):
        vars(canister).update(before)  # which has a copy of `work`
        canister.under_way = work
        work.since = work.since or self.height
        work.slices, work.instructions = work.slices + 1, work.instructions + self.slice
        self.emit("execution-paused", canister=canister.id, cause=cause_of(work.message), slices=work.slices,
                  instructions=work.instructions, prepaid=work.prepaid, since=work.since, balance=canister.balance)

    def finish(self, execution, trap, work, gained):
        canister, report, sent = execution.canister, execution.report, len(execution.requests)
        charged, postponed = self.settle(canister, execution.used), work.postponed
        canister.balance += gained
        work.postponed = min(postponed, canister.balance)
        canister.balance -= work.postponed
        self.burned += work.postponed + report["burned"] + report["transmissionFee"] + sum(int(call["fee"]) for call in report["calls"])
        for request in execution.requests: canister.outputs[request.callee].append(request)
        self.core = Share(max(0, self.core.memory - sent * self.max_payload), max(0, self.core.callbacks - sent),
                          self.core.storage + execution.new_pages * self.page_size)
        wrote = [[page, to] for page, to in sorted(canister.pages.items()) if to != execution.pages_before.get(page)]
        self.emit("executed", canister=canister.id, cause=cause_of(work.message), context=execution.number, trap=trap, **report,
                  instructions=execution.used, prepaid=self.prices.prepayment, charged=charged, wrote=wrote,
                  timer=canister.timer, balance=canister.balance)
        self.rest(canister, work)
        if canister.stable_pages != execution.stable_before:
            self.emit("stable-resized", canister=canister.id, stablePages=canister.stable_pages)
        self.conclude(canister, execution.number, execution.answer, trap or "IC0506")

    def rest(self, canister, work):
        """Who finished an execution of more than one slice takes nothing more in this round."""
        if work.since is None: return
        canister.rests = True
        self.emit("execution-finished", canister=canister.id, slices=work.slices + 1, since=work.since, postponed=work.postponed)

    def conclude(self, canister, number, answer, error):
        context = canister.contexts[number]
        if not answer and context.status == "open" and not canister.open_calls(number):
            answer = reject(error), context.take_available()
        if answer:
            context.status = "responded"
            self.answer(canister, number, context.origin, *answer)
        self.remove_if_childless(canister, number)

    def remove_if_childless(self, canister, context):
        if canister.open_calls(context) == 0:
            del canister.contexts[context]
            self.emit("context-removed", canister=canister.id, context=context, remaining=len(canister.contexts))
