#!/usr/bin/env python3
"""
The machine of `machine.py` with one bug, to see what Canon says about it.

When a call is answered, the cycles that were not accepted go back to the caller, and from then on none are available on
the call context. This machine sends them back and forgets the second half: the context keeps what it gave away. Once
answered, the canister, or a callback that still runs in the context, can accept the same cycles again, which then exist
twice. The Internet Computer had this very bug in April 2022 (facts/cycles.md CYC-8a.2); it was found by reading the code
against the specification, before anybody used it.
"""
from machine import converse
from subnet import Context


def take_available_and_keep_it(context):
    return context.available  # and `context.available = 0` is missing


Context.take_available = take_available_and_keep_it

if __name__ == "__main__":
    converse("canon-python-with-bug")
