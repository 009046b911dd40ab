"""
Money: the table of chapter 2 of `docs/machine.md`. All arithmetic is on exact integers, and every division rounds down
at the place where it stands; a price that is off by one cycle is a difference that Canon finds.
"""


class Money:
    def __init__(self, parameters):
        self.fees = {name: int(fee) for name, fee in parameters["fees"].items() if name != "name"}
        self.message_limit, self.page_size = parameters["messageInstructionLimit"], parameters["pageSize"]
        self.prepayment = self.scale(self.fees["execution"] + self.instructions(self.message_limit))
        self.transmission_reserve = self.transmission(parameters["maxPayload"])
        self.reserve = self.transmission_reserve + self.prepayment

    def scale(self, cycles):
        return cycles * self.fees["subnetSize"] // self.fees["referenceSubnetSize"]

    def instructions(self, count):
        return self.fees["tenInstructions"] * count // 10

    def reception(self, length):
        return self.scale(self.fees["ingress"]) + self.scale(self.fees["ingressByte"]) * length

    def transmission(self, length):
        return self.scale(self.fees["transmissionByte"] * length)

    def call(self, length):
        return self.scale(self.fees["call"]) + self.transmission(length)

    def threshold(self, canister):
        memory = len(canister.pages) * self.page_size
        storage = self.scale(memory * self.fees["gibSecond"] * 86400 // 2**30)
        idle_day = storage + self.scale(self.fees["percentSecond"] * canister.allocation * 86400)
        return idle_day * canister.freezing_threshold // 86400

    def liquid(self, canister):
        return max(0, canister.balance - self.threshold(canister))

    def refund(self, used):
        """What comes back of a prepayment when this many instructions were used."""
        return min(self.scale(self.instructions(self.message_limit - used)), self.prepayment)
