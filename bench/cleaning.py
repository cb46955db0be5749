"""What cleaning a photo costs, against the least that any program must do: decode the JPEG and write a PNG.

Run: python bench/cleaning.py [RUNS]. Machines differ and are shared: read the ratios, not the seconds.
"""

import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo.photos import draw
from imaging import clean, sandbox

SIZES = {"1 Mpx": (960, 1280), "12 Mpx": (3024, 4032)}


def floor(data: bytes) -> None:
    """Decode and encode with Pillow alone, at its fastest setting."""
    Image.open(io.BytesIO(data)).convert("RGB").save(io.BytesIO(), "PNG", compress_level=1)


def seconds(work: Callable[[bytes], object], data: bytes) -> float:
    started = time.perf_counter()
    work(data)
    return time.perf_counter() - started


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"median of {runs} runs; × the floor, measured in turn with it")
    for name, size in SIZES.items():
        file = io.BytesIO()
        draw(1, "CLOSE_UP", 3, size).save(file, "JPEG", quality=92)
        data = file.getvalue()
        kinds = {"floor": floor, "clean": clean.clean, "clean in its sandbox": sandbox.clean}
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(runs):
            for kind, work in kinds.items():
                times[kind].append(seconds(work, data))
        for kind, measured in times.items():
            ratios = [mine / least for mine, least in zip(measured, times["floor"], strict=True)]
            print(f"{name:>7}  {kind:<21} {statistics.median(measured):6.3f} s  ×{statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
