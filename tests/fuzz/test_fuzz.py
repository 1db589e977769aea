"""The seeds of the fuzz targets, bent a little: `python -m tests.fuzz` bends them for minutes."""

from __future__ import annotations

import random
import time

import pytest

from tests.fuzz.targets import TARGETS, read_seeds

ROUNDS = {"feeds": 40, "pages": 6, "outlines": 60}  # of each seed
LONGEST_S = 5.0  # of the processor, for one input
_BYTES = (b"<", b">", b"&", b'"', b"\0", b"\xff", b"<!--", b"]]>", b"<![CDATA[", b"\xe2\x80\xae")


def bend(seed: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Cut, repeat, swap and spoil pieces of a seed."""
    body = bytearray(seed)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(body) + 1)
        to = min(len(body), at + chance.randint(0, 200))
        way = chance.randrange(5)
        if way == 0:
            del body[at:to]
        elif way == 1:
            body[at:at] = body[at:to] * chance.randint(1, 30)
        elif way == 2:
            body[at:at] = chance.choice(_BYTES)
        elif way == 3:
            other = chance.choice(others)
            start = chance.randrange(len(other))
            body[at:to] = other[start : start + 200]
        elif body:
            body[at % len(body)] = chance.randrange(256)
    return bytes(body)


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_bent_is_read_or_refused_in_words(name: str) -> None:
    seeds = read_seeds(name)
    number = random.randrange(1_000_000)
    print(f"seed {number}")
    chance = random.Random(number)
    for seed in seeds:
        TARGETS[name](seed)
        for _ in range(ROUNDS[name]):
            body = bend(seed, seeds, chance)
            began = time.process_time()
            TARGETS[name](body)
            assert time.process_time() - began < LONGEST_S, body[:500]
