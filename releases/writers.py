"""Turns rows into the bytes of a release, in the conventions observed in SCIN release 1.0.0.

UTF-8, LF line ends, minimal quoting, a header line; cases in the order of their id as a string. Everything streams:
rows are an iterable, `to` is a binary file opened for writing. Each table writer returns the SHA-256 (hexadecimal) of
what it wrote, so that the manifest describes the bytes and not a second reading of them.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from string import Template
from typing import BinaryIO, Final

from releases.rows import CaseRow, LabelRow
from releases.schema import (
    APP_QUESTIONS_HEADER,
    CASES,
    LABEL_QUESTIONS_HEADER,
    LABELS,
    Cell,
    Column,
    QuestionText,
    Row,
    app_questions,
    label_questions,
)

TEXTS: Final = Path(__file__).parent / "texts"


class OutOfOrder(ValueError):
    """A row came twice, or before one that it should follow: sorted as strings, "-10" stands before "-9"."""


def write_cases(rows: Iterable[CaseRow], *, to: BinaryIO) -> str:
    """Write scin_cases.csv. Rows must come sorted by `str(case_id)` and be of one edition.

    Raises OutOfOrder, and ValueError where editions differ. In PostgreSQL: ORDER BY case_id::text COLLATE "C".
    """
    return _write_table(_same_edition(rows), CASES, to=to)


def write_labels(rows: Iterable[LabelRow], *, to: BinaryIO) -> str:
    """Write scin_labels.csv. Rows must come sorted by `str(case_id)`. Raises OutOfOrder."""
    return _write_table(rows, LABELS, to=to)


def write_app_questions(texts: Mapping[str, QuestionText], *, to: BinaryIO) -> str:
    """Write scin_app_questions.csv; `texts` by the names of `schema.APP_QUESTIONS`, all of them."""
    return _write_csv([APP_QUESTIONS_HEADER, *app_questions(texts)], to=to)


def write_label_questions(texts: Mapping[str, QuestionText], *, to: BinaryIO) -> str:
    """Write scin_label_questions.csv; `texts` by the names of `schema.LABEL_QUESTIONS`, all of them."""
    return _write_csv([LABEL_QUESTIONS_HEADER, *label_questions(texts)], to=to)


def row_sha256(row: CaseRow) -> str:
    """SHA-256 (hexadecimal) of a case's line in scin_cases.csv, line end included."""
    return _write_csv([[_render(column, row) for column in CASES]], to=BytesIO())


def write_withdrawn_cases(case_ids: Iterable[int], *, to: BinaryIO) -> str:
    """Write withdrawn_cases.csv: the cases of earlier releases that whoever holds a copy must delete."""
    return _write_csv([("case_id",), *((name,) for name in sorted(map(str, set(case_ids))))], to=to)


def write_checksums(entries: Mapping[str, str], *, to: BinaryIO) -> str:
    """Write SHA256SUMS.txt as `sha256sum -c` reads it: sorted by path, paths relative to the root of the release.

    entries: {path: SHA-256 in 64 lower-case hexadecimal digits}. Raises ValueError for a path that leaves the release
    or that sha256sum would have to escape, and for anything that is no SHA-256.
    """
    digest = hashlib.sha256()
    for path, sha256 in sorted(entries.items()):
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", path, re.ASCII) or ".." in path.split("/"):
            raise ValueError(f"not a path inside a release: {path!r}")
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError(f"not a SHA-256 of {path}: {sha256!r}")
        line = f"{sha256}  {path}\n".encode()
        digest.update(line)
        to.write(line)
    return digest.hexdigest()


def write_report(report: Mapping[str, object], *, to: BinaryIO) -> str:
    """Write k_anonymity_report.json: `mitigation.Mitigated.report`, indented, for people as much as for programs."""
    data = (json.dumps(report, indent=2) + "\n").encode()
    to.write(data)
    return hashlib.sha256(data).hexdigest()


def release_text(name: str, values: Mapping[str, object]) -> bytes:
    """A text of a release with its $placeholders filled in, UTF-8. name: LICENSE_FILE or README_FILE.

    values: study, publisher, contact, version, year, cases (number), images (number), k. Raises KeyError for a
    placeholder without a value and ValueError for a blank one: a licence must not go out with a hole in it.
    """
    if blank := [key for key, value in values.items() if not str(value).strip()]:
        raise ValueError(f"blank in the texts of a release: {blank}")
    return Template((TEXTS / name).read_text("utf-8")).substitute(values).encode()


def _render(column: Column[Row], row: Row) -> str:
    value = column.read(row)
    if value is None:
        return ""
    match column.cell:
        case Cell.CODE if column.vocabulary:
            # Through the enumeration, so that a code which SCIN does not know is an error and not a cell.
            return str(column.vocabulary(value).value)
        case Cell.FLAG:
            return "YES" if value else ""
        case Cell.YES_NO:
            return "YES" if value else "NO"
        case Cell.LITERAL:
            return repr(value)
        case _:
            return str(value)


def _write_table(rows: Iterable[Row], columns: Sequence[Column[Row]], *, to: BinaryIO) -> str:
    def lines() -> Iterator[Sequence[str]]:
        yield [column.name for column in columns]
        previous = ""
        for row in rows:
            cells = [_render(column, row) for column in columns]
            if cells[0] <= previous:
                raise OutOfOrder(f"case {cells[0]} came after case {previous}")
            previous = cells[0]
            yield cells

    return _write_csv(lines(), to=to)


def _write_csv(lines: Iterable[Sequence[str]], *, to: BinaryIO) -> str:
    digest = hashlib.sha256()

    class Hashed:
        def write(self, text: str) -> None:
            data = text.encode()
            digest.update(data)
            to.write(data)

    csv.writer(Hashed(), lineterminator="\n").writerows(lines)
    return digest.hexdigest()


def _same_edition(rows: Iterable[CaseRow]) -> Iterator[CaseRow]:
    edition = None
    for row in rows:
        edition = edition or row.edition
        if row.edition != edition:
            raise ValueError(f"case {row.case_id} is of another edition: {row.edition}")
        yield row
