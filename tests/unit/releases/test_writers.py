"""The bytes of a release, checked against lines written out by hand."""

import csv
import hashlib
import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from string import Template
from typing import BinaryIO

import pytest

from releases import writers
from releases.schema import APP_QUESTIONS, LABEL_QUESTIONS, LICENSE_FILE, README_FILE, QuestionText
from tests.unit.releases.examples import EDITION, case_row, label_row

VALUES = {
    "study": "Skin Study",
    "publisher": "A University",
    "contact": "study@example.org",
    "version": "1.2.0",
    "year": 2026,
    "cases": 12,
    "images": 30,
    "k": 10,
}


def written(write: Callable[[BinaryIO], str]) -> bytes:
    """What a writer wrote, after checking that it told the SHA-256 of just that."""
    file = io.BytesIO()
    digest = write(file)
    assert hashlib.sha256(file.getvalue()).hexdigest() == digest
    return file.getvalue()


def test_a_case_is_written_as_scin_writes_it() -> None:
    data = written(lambda file: writers.write_cases([case_row(-5)], to=file))
    header, line, rest = data.split(b"\n")
    assert header.startswith(
        b"case_id,source,release,year,age_group,sex_at_birth,fitzpatrick_skin_type,race_ethnicity_am"
    )
    assert line == (
        b"-5,TEST,1.0.0,2026,AGE_18_TO_29,FEMALE,FST4,,YES,,,,,YES,,,,YES,,,,,YES,,,,,,YES,,,,,,,,YES,,,,,,,,,,YES,"
        b"RASH,ONE_DAY,dataset/images/-10.png,dataset/images/9.png,,AT_DISTANCE,CLOSE_UP,,"
        b'"ASIAN,WHITE",'
    )
    assert rest == b""


def test_labels_are_python_literals_and_slots_keep_their_place() -> None:
    data = written(lambda file: writers.write_labels([label_row(7)], to=file))
    assert data.split(b"\n")[1] == (
        b"7,DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT,,DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT,"
        b"""\"['Eczema', ""Baker's itch"", 'Eczema']","[4, 2, 5]","{'Eczema': 0.8, ""Baker's itch"": 0.2}","""
        b"YES,,NO,FST2,,,,True,,10"
    )


def test_a_case_without_labels_has_empty_literals_and_never_empty_cells() -> None:
    row = label_row(readings=(), weighted_skin_condition_label={}, skin_tones={})
    data = written(lambda file: writers.write_labels([row], to=file))
    assert data.split(b"\n")[1] == b"1,,,,[],[],{},,,,,,,,,,"


def test_rows_are_sorted_by_case_id_as_text_or_not_written() -> None:
    in_order = [case_row(case_id) for case_id in (-10, -9, 10, 9)]
    data = written(lambda file: writers.write_cases(in_order, to=file))
    assert [row["case_id"] for row in csv.DictReader(io.StringIO(data.decode()))] == ["-10", "-9", "10", "9"]
    with pytest.raises(writers.OutOfOrder):
        writers.write_cases([case_row(9), case_row(10)], to=io.BytesIO())
    with pytest.raises(writers.OutOfOrder):
        writers.write_labels([label_row(9), label_row(9)], to=io.BytesIO())


def test_one_release_has_one_edition() -> None:
    other = replace(EDITION, year=2027)
    with pytest.raises(ValueError, match="another edition"):
        writers.write_cases([case_row(1), case_row(2, edition=other)], to=io.BytesIO())


def test_rows_are_written_as_they_come() -> None:
    file = io.BytesIO()

    def rows():  # type: ignore[no-untyped-def]
        yield case_row(1)
        assert b"\n1,TEST" in file.getvalue()
        yield case_row(2)

    writers.write_cases(rows(), to=file)
    assert file.getvalue().count(b"\n") == 3


def test_a_code_that_scin_does_not_know_is_not_written() -> None:
    with pytest.raises(ValueError, match="AGE_5_TO_9"):
        writers.write_cases([case_row(age_group="AGE_5_TO_9")], to=io.BytesIO())


def test_the_hash_of_a_row_is_the_hash_of_its_line() -> None:
    data = written(lambda file: writers.write_cases([case_row(-5)], to=file))
    line = data.split(b"\n", 1)[1]
    assert writers.row_sha256(case_row(-5)) == hashlib.sha256(line).hexdigest()


def test_question_tables_have_scins_headers_and_every_question() -> None:
    app = {name: QuestionText(text=f'Say "{name}"', help_text="Optional.") for name in APP_QUESTIONS}
    data = written(lambda file: writers.write_app_questions(app, to=file))
    assert data.startswith(b'Column Name,Question Content,Comments\nage_bucket,"Say ""age_group""\nOptional.",\n')
    assert len(list(csv.reader(io.StringIO(data.decode())))) == 1 + len(APP_QUESTIONS)
    labels = {name: QuestionText(text=name) for name in LABEL_QUESTIONS}
    data = written(lambda file: writers.write_label_questions(labels, to=file))
    assert data.startswith(b"Related column family,Labeling Question Type,Question,Comments\n")
    assert data.count(b"\n") == 1 + len(LABEL_QUESTIONS)


def test_withdrawn_cases_are_listed_once_each_in_the_order_of_the_tables() -> None:
    data = written(lambda file: writers.write_withdrawn_cases([9, -9, 10, 9], to=file))
    assert data == b"case_id\n-9\n10\n9\n"


def test_sha256sum_accepts_the_checksums(tmp_path: Path) -> None:
    contents = {"README.md": b"a", "dataset/images/-10.png": b"b", "dataset/images/9.png": b"c"}
    for path, content in contents.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    entries = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    sums = written(lambda file: writers.write_checksums(entries, to=file))
    assert sums.startswith(f"{entries['README.md']}  README.md\n".encode())
    (tmp_path / "SHA256SUMS.txt").write_bytes(sums)
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS.txt"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    (tmp_path / "README.md").write_bytes(b"changed")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 1


@pytest.mark.parametrize(
    ("path", "sha256"),
    [
        ("../README.md", "0" * 64),
        ("/etc/passwd", "0" * 64),
        ("a/../b", "0" * 64),
        ("a\nb", "0" * 64),
        ("a\\b", "0" * 64),
        ("README.md", "0" * 63),
        ("README.md", "A" * 64),
    ],
)
def test_checksums_describe_files_of_the_release_only(path: str, sha256: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        writers.write_checksums({path: sha256}, to=io.BytesIO())


def test_the_report_is_json() -> None:
    data = written(lambda file: writers.write_report({"k": 10}, to=file))
    assert json.loads(data) == {"k": 10}


@pytest.mark.parametrize("name", [LICENSE_FILE, README_FILE])
def test_texts_of_a_release_have_no_holes(name: str) -> None:
    text = writers.release_text(name, VALUES).decode()
    assert "$" not in text
    assert "Skin Study" in text
    used = Template((writers.TEXTS / name).read_text("utf-8")).get_identifiers()
    for hole in used:
        with pytest.raises(KeyError, match=hole):
            writers.release_text(name, {key: value for key, value in VALUES.items() if key != hole})
        with pytest.raises(ValueError, match=hole):
            writers.release_text(name, {**VALUES, hole: " "})


def test_the_licence_forbids_to_find_out_who_a_contributor_is() -> None:
    text = writers.release_text(LICENSE_FILE, VALUES).decode()
    assert "You must not try to find out who a contributor is" in text
    assert "study@example.org" in text
