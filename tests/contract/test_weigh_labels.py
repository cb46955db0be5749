"""`weigh_labels` against what two published studies computed: SCIN's cells byte for byte, dermatology ddx to 1e-6."""

import ast
import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
GRADABLE = "dermatologist_gradable_for_skin_condition_"
MOST_ENTRIES_OF_A_LABELER = 3

Entries = list[tuple[str, int]]


def weighed(tmp_path: Path, cases: list[dict[str, Any]], *options: str) -> list[dict[str, Any]]:
    given, output = tmp_path / "given.jsonl", tmp_path / "weighed.jsonl"
    given.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    call_command("weigh_labels", str(given), str(output), *options, verbosity=0)
    return [json.loads(line) for line in output.read_text("utf-8").splitlines()]


def scin_cells(scin_dir: Path) -> Iterator[tuple[int, int, Entries, str]]:
    """Of each case: its id, how many labelers read it, what they said in one list, and the released cell."""
    with (scin_dir / "scin_labels.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names = ast.literal_eval(row["dermatologist_skin_condition_on_label_name"])
            confidences = ast.literal_eval(row["dermatologist_skin_condition_confidence"])
            readers = sum(row[f"{GRADABLE}{n}"] != "" for n in (1, 2, 3))
            yield (
                int(row["case_id"]),
                readers,
                list(zip(names, confidences, strict=True)),
                row["weighted_skin_condition_label"],
            )


def attributions(entries: Entries, readers: int) -> Iterator[list[Entries]]:
    """Every way to cut the one list into what each labeler may have said."""
    if readers == 0:
        if not entries:
            yield []
        return
    for length in range(min(len(entries), MOST_ENTRIES_OF_A_LABELER) + 1):
        first, rest = entries[:length], entries[length:]
        if len({name for name, _ in first}) == length:
            yield from ([first, *others] for others in attributions(rest, readers - 1))


def test_every_cell_of_a_single_labeler_is_scins_byte_for_byte(scin_dir: Path, tmp_path: Path) -> None:
    single = [(case_id, entries, cell) for case_id, readers, entries, cell in scin_cells(scin_dir) if readers == 1]
    assert sum(cell != "{}" for _, _, cell in single) > 300
    answers = weighed(tmp_path, [{"case_id": case_id, "labelers": [entries]} for case_id, entries, _ in single])
    assert [answer["case_id"] for answer in answers] == [case_id for case_id, _, _ in single]
    assert [repr(answer["weighted_skin_condition_label"]) for answer in answers] == [cell for _, _, cell in single]


def test_every_cell_of_several_labelers_whose_entries_can_be_told_apart_is_scins(
    scin_dir: Path, tmp_path: Path
) -> None:
    """SCIN lost who said what; some lists leave one way to cut them."""
    certain = [
        (case_id, cuts[0], cell)
        for case_id, readers, entries, cell in scin_cells(scin_dir)
        if readers > 1 and len(cuts := list(attributions(entries, readers))) == 1
    ]
    assert sum(cell != "{}" for _, _, cell in certain) >= 2
    answers = weighed(tmp_path, [{"case_id": case_id, "labelers": cut} for case_id, cut, _ in certain])
    assert [repr(answer["weighted_skin_condition_label"]) for answer in answers] == [cell for _, _, cell in certain]


def test_every_other_cell_of_several_labelers_is_scins_for_some_attribution(scin_dir: Path, tmp_path: Path) -> None:
    several = [cells for cells in scin_cells(scin_dir) if cells[1] > 1]
    cases = [
        {"case_id": str(case_id), "labelers": cut}
        for case_id, readers, entries, _ in several
        for cut in attributions(entries, readers)
    ]
    answers = defaultdict(set)
    for answer in weighed(tmp_path, cases):
        answers[int(answer["case_id"])].add(repr(answer["weighted_skin_condition_label"]))
    assert len(several) > 100
    assert [case_id for case_id, _, _, cell in several if cell not in answers[case_id]] == []


def inverse_rank_normalisation(readings: list[list[list[int]]]) -> dict[int, Fraction]:
    """arXiv 2307.02191 in exact fractions: a reader's k-th block gives 1/k to each member; then all are scaled to 1."""
    members = {condition for blocks in readings for block in blocks for condition in block}
    scores = {
        condition: sum(
            (Fraction(1, k + 1) for blocks in readings for k, block in enumerate(blocks) if condition in block),
            Fraction(0),
        )
        for condition in members
    }
    return {condition: score / sum(scores.values()) for condition, score in scores.items()}


def test_dense_ties_are_the_inverse_rank_weights_of_dermatology_ddx(ddx_dir: Path, tmp_path: Path) -> None:
    names = (ddx_dir / "dermatology_conditions.txt").read_text("utf-8").splitlines()
    readings = json.loads((ddx_dir / "dermatology_selectors.json").read_text("utf-8"))
    cases = [
        {
            "case_id": number,
            "labelers": [
                [(names[condition], len(blocks) - k) for k, block in enumerate(blocks) for condition in block]
                for blocks in case
            ],
        }
        for number, case in enumerate(readings)
    ]
    answers = weighed(tmp_path, cases, "--ties", "dense", "--digits", "none")
    assert len(answers) == len(readings) == 1947
    for case, answer in zip(readings, answers, strict=True):
        expected = {names[condition]: float(w) for condition, w in inverse_rank_normalisation(case).items()}
        assert answer["weighted_skin_condition_label"] == pytest.approx(expected, abs=1e-6, rel=0)


def test_case_ids_come_back_as_they_were_given_and_in_order(tmp_path: Path) -> None:
    ids = [2**62, "-17", -17, "case é", 2**62]
    answers = weighed(tmp_path, [{"case_id": case_id, "labelers": [[("Eczema", 4)]]} for case_id in ids])
    assert [answer["case_id"] for answer in answers] == ids


def test_the_command_runs_with_no_service_configured(tmp_path: Path) -> None:
    given, output = tmp_path / "given.jsonl", tmp_path / "weighed.jsonl"
    given.write_text('{"case_id": 1, "labelers": [[["Eczema", 4], ["Psoriasis", 2]]]}\n\n', encoding="utf-8")
    services = {"DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in services}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings.development", "VAR_DIR": str(tmp_path / "var")}
    command = [sys.executable, str(ROOT / "manage.py"), "weigh_labels", str(given), str(output)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    assert json.loads(output.read_text()) == {
        "case_id": 1,
        "weighted_skin_condition_label": {"Eczema": 0.67, "Psoriasis": 0.33},
    }
    assert not (tmp_path / "var").exists()  # where embedded services would keep their data


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"case_id": 1, "labelers": [[["Eczema", 9]]]}', "'Eczema' is an integer from 1 to 5, not 9"),
        (b'{"case_id": 1, "labelers": [[["Eczema", NaN]]]}', "'Eczema' is an integer from 1 to 5, not nan"),
        (b'{"case_id": 1, "labelers": [[["Eczema", 4], ["Eczema", 3]]]}', "'Eczema' is named twice"),
        (b'{"case_id": 1, "labelers": [["Eczema", 4]]}', "an entry is not a pair"),
        (b'{"case_id": 1, "labelers": [[["Eczema", 4, 5]]]}', "an entry is not a pair"),
        (b'{"case_id": 1, "labelers": {"a": []}}', "labelers is not a list with a list for each labeler"),
        (b'{"case_id": 1, "labelers": [{"Eczema": 4}]}', "labelers is not a list with a list for each labeler"),
        (b'{"case_id": 1}', "a line is an object with case_id and labelers"),
        (b"[1, 2]", "a line is an object with case_id and labelers"),
        (b'{"case_id": true, "labelers": []}', "case_id is True; give an integer or a string"),
        (b'{"case_id": 1.5, "labelers": []}', "case_id is 1.5; give an integer or a string"),
        (b'{"case_id": 1, "labelers": [', "no JSON .* at column 29.*; write one object a line"),
        (b'{"case_id": "\xff", "labelers": []}', "byte 14 is not UTF-8"),
        (b"[" * 100_000, "brackets are nested too deep"),
    ],
)
def test_a_line_that_cannot_be_weighed_is_named_and_the_output_stays_as_it_was(
    line: bytes, message: str, tmp_path: Path
) -> None:
    given, output = tmp_path / "given.jsonl", tmp_path / "weighed.jsonl"
    given.write_bytes(b'{"case_id": 1, "labelers": [[["Eczema", 4]]]}\n' * 2 + line + b"\n")
    output.write_text("from before")
    with pytest.raises(CommandError, match=f"line 3: .*{message}"):
        call_command("weigh_labels", str(given), str(output), verbosity=0)
    assert output.read_text() == "from before"
    assert {path.name for path in tmp_path.iterdir()} == {"given.jsonl", "weighed.jsonl"}


def test_files_that_cannot_be_read_or_written_are_named(tmp_path: Path) -> None:
    given = tmp_path / "given.jsonl"
    with pytest.raises(CommandError, match=r"given\.jsonl: No such file"):
        call_command("weigh_labels", str(given), str(tmp_path / "weighed.jsonl"))
    given.write_text("")
    with pytest.raises(CommandError, match="nowhere does not exist"):
        call_command("weigh_labels", str(given), str(tmp_path / "nowhere" / "weighed.jsonl"))
    with pytest.raises(CommandError, match="is not a file"):
        call_command("weigh_labels", str(given), str(tmp_path))
