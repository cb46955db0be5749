"""Receipt codes survive being written down, read out and typed in again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrib_portal import receipts

characters = st.text(receipts.ALPHABET, min_size=24, max_size=24)


def whole(random_part: str) -> str:
    return random_part + receipts.check_character(random_part)


def test_a_code_is_five_groups_of_five_and_new_every_time() -> None:
    codes = {receipts.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}", code) for code in codes)


def test_a_new_code_can_be_read_again() -> None:
    code = receipts.new_code()
    assert receipts.normalise(code) == code.replace("-", "")


@given(characters)
def test_lower_case_spaces_and_letters_that_look_like_digits_do_not_matter(random_part: str) -> None:
    code = whole(random_part)
    typed = f" {code[:7]} {code[7:20]}–{code[20:]}\n".lower().replace("0", "o").replace("1", "l")
    assert receipts.normalise(typed) == code
    assert receipts.digest(typed.replace("l", "I"), key="k") == receipts.digest(code, key="k")


@given(characters, st.integers(0, 24), st.sampled_from(receipts.ALPHABET))
def test_one_wrong_character_is_noticed(random_part: str, place: int, other: str) -> None:
    code = whole(random_part)
    wrong = code[:place] + other + code[place + 1 :]
    if wrong == code:
        assert receipts.normalise(wrong) == code
    else:
        with pytest.raises(receipts.Mistyped):
            receipts.normalise(wrong)


@given(characters, st.integers(0, 24), st.integers(0, 24))
def test_two_characters_in_each_others_place_are_noticed(random_part: str, one: int, other: int) -> None:
    code = list(whole(random_part))
    if code[one] == code[other]:
        return
    code[one], code[other] = code[other], code[one]
    with pytest.raises(receipts.Mistyped):
        receipts.normalise("".join(code))


@pytest.mark.parametrize("text", ["", "P9VR7", "U" * 25, "é" * 25, "0" * 26, "0" * 24])
def test_what_cannot_be_a_code_is_called_mistyped(text: str) -> None:
    with pytest.raises(receipts.Mistyped):
        receipts.normalise(text)


def test_the_digest_depends_on_the_key_and_does_not_hold_the_code() -> None:
    code = receipts.new_code()
    digest = receipts.digest(code, key="one key")
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert digest != receipts.digest(code, key="another key")
