"""
Messages under way: from the pool, an output queue, the loopback stream or the tape into an input queue, and answers to
where they belong (docs/machine.md, chapters 4 and 6, and the ingress history).

All canisters are on one subnet and no call has a deadline, so that the only stream is the loopback stream, every
response is awaited, and what is late is a request that could not leave or an ingress message.
"""
import hashlib
from collections import deque

from subnet import MANAGEMENT, SUBNET, Response, Subnet, is_request, is_response, reject, reply, reply_size, size


def names(message): return {"caller": message.origin["canister"], "callback": message.origin["callback"]}


class Messages(Subnet):
    # ------------------------------------------------------------ Answers
    def answer(self, canister, context, origin, result, refund):
        self.emit("answered", canister=canister.id, context=context, origin=origin, result=result, refund=refund)
        if origin["kind"] == "ingress": self.answer_ingress(origin["ingress"], result)
        else: canister.outputs[origin["canister"]].append(Response(origin, canister.id, result, refund))

    def answer_ingress(self, ingress, result):
        self.history[ingress] = f"{result['kind']}:{result.get('payload', result.get('error'))}", self.time
        self.emit("ingress-answered", ingress=ingress, result=result)

    def shorten_history(self):
        history, oldest = self.history, self.time - int(self.parameters["historyLifetime"])
        replies = sum(size(status[len("reply:"):]) for status, _ in history.values() if status.startswith("reply:"))
        answered = sorted((time, ingress, status) for ingress, (status, time) in history.items() if ":" in status)
        for time, ingress, status in answered:
            if replies <= self.parameters["historyMemory"]: break
            if status.startswith("reply:"): replies -= size(status[len("reply:"):])
            history[ingress] = "done", time
            self.emit("ingress-forgotten", ingress=ingress)
        for ingress in sorted(ingress for ingress, (_, time) in history.items() if time is not None and time < oldest):
            del history[ingress]
            self.emit("ingress-pruned", ingress=ingress)

    # ------------------------------------------------------------ 4.1 Deadlines
    def expire(self):
        for canister in self.canisters.values():
            for _, queue in sorted(canister.outputs.items()):
                for request in [it for it in queue if not is_response(it) and it.expiry < self.time]:
                    queue.remove(request)
                    self.bounce(request, "CN0210")
        for queue in [self.pool, *(canister.ingress for canister in self.canisters.values())]:
            for call in [call for call in queue if call.expiry < self.time]:
                queue.remove(call)
                self.emit("ingress-expired", ingress=call.origin["ingress"])
                self.answer_ingress(call.origin["ingress"], reject("IC0202"))

    def bounce(self, request, error):
        caller = self.canisters[request.origin["canister"]]
        caller.put(request.callee, Response(request.origin, request.callee, reject(error), request.cycles))
        self.emit("request-bounced", **names(request), error=error)

    # ------------------------------------------------------------ 4.2 Streams
    def take_stream(self):
        messages, self.stream = self.stream, []  # what is appended from now on stays for the next round
        if not messages: return
        begin, self.stream_begin = self.stream_begin, self.stream_begin + len(messages)
        self.emit("stream-collected", to=SUBNET, begin=self.stream_begin)
        for index, message in enumerate(messages, begin):
            self.received += message.cycles
            error = self.deliver(message)
            if error:
                self.emit("message-refused", **{"from": SUBNET}, index=index, error=error)
                self.append_to_stream(Response(message.origin, message.callee, reject(error), message.cycles))
        self.emit("slice-taken", **{"from": SUBNET}, signals=self.stream_begin)

    def fill_stream(self):
        senders = deque()  # for each canister with outputs: its output queues, in the order in which they give
        for canister in self.canisters.values():
            queues = deque(queue for _, queue in sorted(canister.outputs.items()) if queue)
            if queues: senders.append(queues)
        first = hashlib.sha256(b"canon-stream" + self.time.to_bytes(8, "big")).digest()[:8]
        if senders: senders.rotate(-(int.from_bytes(first, "big") % len(senders)))
        while senders:
            queues = senders.popleft()
            queue = queues.popleft()
            if self.lets_out(queue[0]):
                queue.popleft()
                if queue: queues.append(queue)
                if queues: senders.append(queues)
            elif queues: senders.appendleft(queues)  # the queue is blocked, and the next one of this canister gives

    def lets_out(self, message):
        """Leads a message on from its output queue, unless it has to stay there."""
        if is_response(message) or message.callee in self.canisters:
            if len(self.stream) >= self.parameters["streamCapacity"]: return False
            self.append_to_stream(message)
        elif message.callee != MANAGEMENT: self.bounce(message, "IC0301")
        elif message.method != "raw_rand": self.bounce(message, "IC0536")
        elif message.payload: self.bounce(message, "IC0408")
        else:
            self.waiting_randomness.append(message)
            self.emit("randomness-asked", **self.asker(message), asked=message.asked)
        return True

    def append_to_stream(self, message):
        content = {
            "kind": "response", **names(message), "respondent": message.respondent, "result": message.result,
            "refund": str(message.cycles), "deadline": None,
        } if is_response(message) else {
            "kind": "request", **names(message), "callee": message.callee, "method": message.method,
            "payload": message.payload, "attached": str(message.cycles), "deadline": None,
        }
        self.emit("message-streamed", to=SUBNET, index=self.stream_begin + len(self.stream), message=content)
        self.stream.append(message)
        self.sent += message.cycles

    # ------------------------------------------------------------ 4.3 Queues
    def induct(self):
        for canister in self.canisters.values():
            for peer in sorted(canister.outputs, key=lambda peer: (peer != canister.id, peer)):  # itself comes first
                queue = canister.outputs[peer]
                while queue and self.deliver(queue[0]) is None: queue.popleft()

    def deliver(self, message):
        """Puts a message into the input queue for its sender, or gives the error that keeps it out."""
        caller = message.origin["canister"]
        if is_response(message):
            self.canisters[caller].put(message.respondent, message)
            self.emit("response-inducted", **names(message), result=message.result["kind"])
        else:
            if message.callee not in self.canisters: return "IC0301"
            if not self.has_slot(caller, self.canisters[message.callee]): return "IC0201"
            if self.free_memory() < self.max_payload: return "IC0507"
            self.canisters[message.callee].put(caller, message)
            self.emit("request-inducted", **names(message), callee=message.callee)

    def has_slot(self, caller, callee):
        requests = sum(is_request(message) and message.origin["canister"] == caller for message in callee.all_inputs())
        open_calls = sum(context.is_open_call_of(caller) for context in callee.contexts.values())
        responses = sum(is_response(message) for message in callee.outputs[caller])
        return requests + open_calls + responses < self.parameters["queueCapacity"]

    # ------------------------------------------------------------ 4.4 Memory for responses
    def free_memory(self):
        used = sum(self.memory_for_messages(canister) for canister in self.canisters.values())
        return max(0, self.parameters["guaranteedResponseMemory"] - used - sum(map(reply_size, self.stream)))

    # ------------------------------------------------------------ 6. Randomness
    def seed(self, tape):
        self.generator = hashlib.sha256(b"canon-random-tape" + bytes.fromhex(tape)).digest()

    def answer_randomness(self):
        waiting = self.waiting_randomness  # in the order of asking, so whoever can be answered stands in front
        while waiting and self.height >= waiting[0].asked + self.parameters["tapeLag"]:
            request, index = waiting.popleft(), len(self.draws)
            drawn = hashlib.sha256(self.generator + b"raw-rand" + index.to_bytes(8, "big")).hexdigest()
            caller, asker = self.canisters[request.origin["canister"]], self.asker(request)
            caller.put(MANAGEMENT, Response(request.origin, MANAGEMENT, reply(drawn), request.cycles))
            self.emit("randomness-answered", **asker)
            draw = {"tape": self.height, "index": index, "purpose": "randomness"}
            self.draws.append({**draw, "asked": request.asked, **asker, "bytes": drawn})

    def asker(self, request): return {"canister": request.origin["canister"], "callback": request.origin["callback"]}
