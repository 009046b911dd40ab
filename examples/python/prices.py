"""
What things cost (docs/machine.md, chapter 2): a fee table, and the amounts that follow from it and nothing else.

The prices of a subnet can change, and an execution goes by those of its start; so they are an object of their own, which
is replaced and never altered. Cycles are exact integers.
"""
DAY, GIB = 86400, 2**30
WORDS = {"name", "ingressScaled", "schedule"}  # what in a fee table is no number


class Prices:
    def __init__(self, fees, parameters):
        self.fees = {name: fee if name in WORDS else int(fee) for name, fee in fees.items()}
        self.storage, self.cores = parameters["storage"], parameters["cores"]
        self.limit = parameters["messageInstructionLimit"]
        self.name, self.base = self.fees["name"], self.scale(self.fees["execution"])
        self.prepayment = self.scale(self.fees["execution"] + self.instruction_fee(self.limit))
        self.transmission_reserve = self.transmission(parameters["maxPayload"])
        self.creation = self.scale(self.fees["creation"])

    def scale(self, cycles):
        if self.fees["schedule"] == "free": return 0
        return cycles * self.fees["subnetSize"] // self.fees["referenceSubnetSize"]

    def instruction_fee(self, count): return self.fees["tenInstructions"] * count // 10
    def refund(self, used): return self.scale(self.instruction_fee(self.limit - used))
    def transmission(self, size): return self.scale(self.fees["transmissionByte"] * size)
    def call(self, size): return self.scale(self.fees["call"]) + self.transmission(size)

    def reception(self, size):
        message, byte = self.fees["ingress"], self.fees["ingressByte"]
        is_sum = self.fees["ingressScaled"] == "together"
        return self.scale(message + byte * size) if is_sum else self.scale(message) + self.scale(byte) * size

    # ------------------------------------------------------------ By the day, for what is occupied
    def memory_day(self, memory):
        if memory == 0: return 0
        return self.scale(memory * self.fees["gibSecond"] * DAY // GIB) + self.scale(self.fees["baseSecond"] * DAY)

    def messages_day(self, memory): return self.scale(memory * self.fees["messageGibSecond"] * DAY // GIB)
    def compute_day(self, allocation): return self.scale(self.fees["percentSecond"] * allocation * DAY)

    # ------------------------------------------------------------ In advance, where memory is scarce
    def to_set_aside(self, used, grown):
        """For memory that grows from this many bytes in use, as a core sees them, to that many."""
        return self.all_set_aside(grown) - self.all_set_aside(used)

    def all_set_aside(self, used):
        if self.storage["period"] == 0: return 0
        threshold, capacity = (self.storage[name] // self.cores for name in ("threshold", "capacity"))
        scarce = max(0, min(used, capacity) - threshold)
        seconds = self.storage["period"] * scarce // (capacity - threshold) // 2
        return self.scale(scarce * self.fees["gibSecond"] * seconds // GIB)
