"""
Executions that need more than one slice (docs/machine.md, chapter 10): how they go on, start again, or end, and what their
canister postpones meanwhile.

A paused execution has a start: what it goes by until its end. An aborted one has none, and begins anew.
"""
from execution import Executions
from subnet import is_response


class Slices(Executions):
    def run_next(self, canister):
        """Gives the instructions used."""
        return self.go_on(canister) if canister.under_way else super().run_next(canister)

    def go_on(self, canister):
        is_afresh = not self.is_paused(canister)
        self.emit("execution-resumed", canister=canister.id, afresh=is_afresh)
        if is_afresh:
            if not is_response(canister.under_way.message) and not self.adjust(canister): return self.desist(canister)
            self.begin_attempt(canister)
        return self.run_slice(canister)

    def is_paused(self, canister): return bool(canister.under_way and canister.under_way.start)

    def adjust(self, canister):
        """Whether the prices of now can be paid; then the prepayment is that of now."""
        work = canister.under_way
        lack = self.prices.prepayment - work.prepaid
        if lack > 0 and not self.can_pay(canister, lack): return False
        canister.balance -= lack
        work.prepaid += lack
        if lack:
            taken, returned = max(0, lack), max(0, -lack)
            self.emit("prepayment-adjusted", canister=canister.id, taken=taken, returned=returned, balance=canister.balance)
        return True

    def desist(self, canister):
        canister.balance += canister.under_way.prepaid
        canister.rests = True
        return self.refuse(canister, "IC0207")

    def abort(self, order):
        paused = [canister for canister in order if self.is_paused(canister)]
        for canister in paused[self.parameters["maxPausedExecutions"]:]:
            work = canister.under_way
            canister.balance -= work.postponed
            self.burned += work.postponed
            self.emit("execution-aborted", canister=canister.id, slices=work.slices, instructions=work.instructions,
                      postponed=work.postponed, balance=canister.balance)
            work.start, work.slices, work.instructions, work.postponed = None, 0, 0, 0
