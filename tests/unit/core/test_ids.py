"""Random names."""

import secrets

import pytest

from core.ids import random_id, random_key


def test_case_ids_are_signed_64_bit_integers_of_both_signs() -> None:
    ids = [random_id() for _ in range(200)]

    assert all(-(2**63) <= number < 2**63 for number in ids)
    assert any(number < 0 for number in ids)
    assert any(number > 2**62 for number in ids)
    assert len(set(ids)) == 200


def test_a_case_id_is_never_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([2**63, 2**63 + 7])
    monkeypatch.setattr(secrets, "randbits", lambda bits: next(drawn))

    assert random_id() == 7


def test_a_key_is_128_random_bits_in_hexadecimal() -> None:
    keys = {random_key() for _ in range(100)}

    assert len(keys) == 100
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in keys)
