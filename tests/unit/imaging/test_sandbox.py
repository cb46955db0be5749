"""Whatever a file does to its decoder, the caller gets an image or a refusal, and keeps its memory, time and secrets."""

import multiprocessing
import sys
import time
from pathlib import Path

import pytest

from imaging import sandbox
from imaging.clean import clean, encode_png, preview
from imaging.results import Reason, Refused
from tests.unit.imaging.pictures import encode, exif, png_bomb, skin, with_png_chunk

LIMITED = "import resource, sys; from imaging import sandbox_child as child;"


def child_runs(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """From here on the child is this program: a decoder that was taken over."""
    monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-c", code))


def refusal_of(data: bytes = b"\xff\xd8\xff") -> Refused:
    with pytest.raises(Refused) as refusal:
        sandbox.preview_and_advice(data)
    return refusal.value


def test_the_child_gives_what_the_functions_give() -> None:
    photo = encode(skin(), "JPEG", exif=exif(description="Ada", gps=True))
    assert sandbox.clean(photo) == clean(photo)
    assert sandbox.clean(photo, max_edge=50) == clean(photo, max_edge=50)
    assert sandbox.preview_and_advice(photo) == preview(photo)


@pytest.mark.parametrize(
    ("data", "reason", "looks_like"),
    [
        (b"", Reason.EMPTY, ""),
        (bytes(20 * 1024 * 1024 + 1), Reason.TOO_LARGE, ""),
        (b"%PDF-1.7\n", Reason.NOT_A_PHOTO, "PDF"),
        (png_bomb(10_000, 10_000), Reason.TOO_MANY_PIXELS, ""),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", Reason.DAMAGED, ""),
    ],
)
def test_refusals_come_through_with_their_reason(data: bytes, reason: Reason, looks_like: str) -> None:
    for function in (sandbox.clean, sandbox.preview_and_advice):
        with pytest.raises(Refused) as refusal:
            function(data)
        assert (refusal.value.reason, refusal.value.looks_like) == (reason, looks_like)


def test_it_works_in_a_daemonic_process_as_a_celery_worker_is() -> None:
    worker = multiprocessing.get_context("spawn").Process(
        target=sandbox.clean, args=(encode(skin(), "PNG"),), daemon=True
    )
    worker.start()
    worker.join(30)
    assert worker.exitcode == 0


def test_an_image_that_needs_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = png_bomb(7_000, 7_000)  # under the limit of pixels
    child_runs(monkeypatch, LIMITED + "child.LIMITS[resource.RLIMIT_AS] = 500 * 1024**2; child.main()")
    assert refusal_of(photo).reason is Reason.OUT_OF_MEMORY
    assert sandbox.preview_and_advice(encode(skin(), "PNG")).width == 160


def test_a_child_that_takes_all_memory_is_ended_by_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    child_runs(monkeypatch, LIMITED + "child._do = lambda job, data: ({}, bytes(4 * 1024**3)); child.main()")
    assert refusal_of().reason is Reason.CRASHED


def test_a_child_that_computes_for_ever_is_ended_by_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = "child.LIMITS[resource.RLIMIT_CPU] = 1\ndef loop(job, data):\n    while True: pass\nchild._do = loop\nchild.main()"
    child_runs(monkeypatch, LIMITED + loop)
    assert refusal_of().reason is Reason.TIMEOUT


def test_a_child_that_sleeps_is_ended_by_the_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "PREVIEW_SECONDS", 0.3)
    child_runs(monkeypatch, "import time; time.sleep(60)")
    start = time.monotonic()
    assert refusal_of().reason is Reason.TIMEOUT
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os.kill(os.getpid(), 11)", Reason.CRASHED),
        ("import os; os.kill(os.getpid(), 9)", Reason.OUT_OF_MEMORY),
        ("import os; os._exit(3)", Reason.CRASHED),
        ("raise RuntimeError", Reason.CRASHED),
        ("", Reason.CRASHED),
        ("print('not JSON')", Reason.CRASHED),
        ("print('[]')", Reason.CRASHED),
        ("print('{}')", Reason.CRASHED),
        ('print(\'{"refused": "NO_SUCH_REASON", "looks_like": ""}\')', Reason.CRASHED),
    ],
)
def test_a_child_that_breaks_down_or_talks_nonsense_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, code: str, reason: Reason
) -> None:
    child_runs(monkeypatch, code)
    assert refusal_of().reason is reason
    with pytest.raises(Refused) as refusal:
        sandbox.clean(b"\xff\xd8\xff")
    assert refusal.value.reason is reason


def test_a_png_that_is_not_pixels_alone_does_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer = tmp_path / "answer"
    child_runs(monkeypatch, f"import sys; sys.stdout.buffer.write(open({str(answer)!r}, 'rb').read())")
    fields = (
        b'{"sha256": "", "pixel_sha256": "", "width": 160, "height": 96, "source_format": "PNG", "truncated": false, '
        b'"metadata_found": {}, "sharpness": 1.0, "exposure": 0.5}\n'
    )
    png = encode_png(skin())
    answer.write_bytes(fields + png)
    assert sandbox.clean(b"x").png == png
    for wrong in (with_png_chunk(png, b"tEXt", b"Author\x00Ada"), encode_png(skin(96, 161)), b""):
        answer.write_bytes(fields + wrong)
        with pytest.raises(Refused) as refusal:
            sandbox.clean(b"x")
        assert refusal.value.reason is Reason.CRASHED


def test_the_child_sees_no_secret_and_writes_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("S3_SECRET_KEY", "hunter2")
    tell = (
        "child._do = lambda job, data: ({'refused': 'DAMAGED', 'looks_like': ' '.join(os.environ)}, b''); child.main()"
    )
    child_runs(monkeypatch, "import os;" + LIMITED + tell)
    assert set(refusal_of().looks_like.split()) <= {*sandbox.ENVIRONMENT, "LC_CTYPE"}
    written = tmp_path / "written"
    child_runs(
        monkeypatch, LIMITED + f"child._do = lambda job, data: open({str(written)!r}, 'w').write('x'); child.main()"
    )
    assert refusal_of().reason is Reason.CRASHED
    assert not written.exists() or written.stat().st_size == 0


def test_what_a_library_prints_does_not_end_up_in_the_image(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = encode(skin(), "PNG")
    chatty = """
import os
do = child._do
def chat(job, data):
    os.write(1, b"noise")
    return do(job, data)
child._do = chat
child.main()"""
    child_runs(monkeypatch, LIMITED + chatty)
    assert sandbox.clean(photo) == clean(photo)
