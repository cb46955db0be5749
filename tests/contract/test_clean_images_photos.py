"""`clean_images` over real photographs, judged by readers that are not ours: exiftool, and another way to colours."""

import json
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from django.core.management import call_command
from PIL import Image, ImageCms

from imaging.decode import decode
from imaging.results import Reason, Refused
from tests.unit.imaging.pictures import STORED_AS

STRUCTURAL = {
    "ExifToolVersion", "SourceFile", "FileName", "Directory", "FileSize", "FileModifyDate", "FileAccessDate",
    "FileInodeChangeDate", "FilePermissions", "FileType", "FileTypeExtension", "MIMEType", "ImageWidth", "ImageHeight",
    "BitDepth", "ColorType", "Compression", "Filter", "Interlace", "ImageSize", "Megapixels",
}  # fmt: skip
LAB = ImageCms.createProfile("LAB")


def exiftool(*arguments: str | Path) -> list[dict[str, object]]:
    if not shutil.which("exiftool"):
        pytest.skip("exiftool is not installed")
    done = subprocess.run(["exiftool", "-j", *map(str, arguments)], capture_output=True, check=False)
    answer: list[dict[str, object]] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def cleaned(photos_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, str]]]:
    """The folder of outputs, and the lines of the report by source."""
    target = tmp_path_factory.mktemp("cleaned")
    report = target.parent / f"{target.name}.jsonl"
    call_command("clean_images", photos_dir, target, report=report)
    return target, {line["source"]: line for line in map(json.loads, report.read_text().splitlines())}


def test_every_file_has_its_line_and_every_photo_that_is_whole_is_cleaned(
    photos_dir: Path, cleaned: tuple[Path, dict[str, dict[str, str]]]
) -> None:
    _, lines = cleaned
    assert set(lines) == {str(path.relative_to(photos_dir)) for path in photos_dir.rglob("*") if path.is_file()}
    for source, line in lines.items():
        if line["status"] == "refused":
            assert source.startswith("broken/") or source.endswith(".md")
            assert line["reason"] and line["output"] is None
    assert {line["status"] for line in lines.values()} == {"cleaned", "refused"}


def test_exiftool_finds_nothing_but_structure_in_any_output(cleaned: tuple[Path, dict[str, dict[str, str]]]) -> None:
    target, lines = cleaned
    outputs = exiftool("-r", "-a", "-u", "-ee", target)
    assert len(outputs) == sum(line["status"] == "cleaned" for line in lines.values())
    assert {tag for output in outputs for tag in output} <= STRUCTURAL


def test_a_photo_of_a_phone_that_arrived_in_part_is_refused(photos_dir: Path) -> None:
    for path in (photos_dir / "heic").iterdir():
        photo = path.read_bytes()
        for share in (0.5, 0.9, 0.999):
            with pytest.raises(Refused) as refusal:
                decode(photo[: int(len(photo) * share)])
            assert refusal.value.reason is Reason.DAMAGED, path.name


def test_every_output_is_upright(photos_dir: Path, cleaned: tuple[Path, dict[str, dict[str, str]]]) -> None:
    """Stored rows and columns turned as exiftool, not Pillow, reads the tag. HEIC: as its rotation box says."""
    target, lines = cleaned
    tags = exiftool("-n", "-r", "-Orientation", "-Rotation", "-ImageWidth", "-ImageHeight", photos_dir)
    for tag in tags:
        source = str(Path(str(tag["SourceFile"])).relative_to(photos_dir))
        if lines[source]["status"] == "refused":
            continue
        with Image.open(target / lines[source]["output"]) as image:
            upright = np.asarray(image)
        if source.lower().endswith((".heic", ".heif")):
            sides = (tag["ImageWidth"], tag["ImageHeight"])
            assert upright.shape[1::-1] == (sides[::-1] if tag.get("Rotation") in (90, 270) else sides), source
            continue
        stored = np.asarray(srgb_reference((photos_dir / source).read_bytes()))
        expected = STORED_AS[int(str(tag.get("Orientation", 1) or 1))](upright)
        assert expected.shape == stored.shape, source
        assert np.abs(expected.astype(int) - stored).mean() < 3, source


def test_the_eight_orientations_of_one_scene_come_out_as_one(cleaned: tuple[Path, dict[str, dict[str, str]]]) -> None:
    target, lines = cleaned
    for folder, scene in (
        ("orientation", "Landscape"),
        ("orientation", "Portrait"),
        ("camera", "landscape"),
        ("camera", "portrait"),
    ):
        pictures = []
        for orientation in range(1, 9):
            with Image.open(target / lines[f"{folder}/{scene}_{orientation}.jpg"]["output"]) as image:
                assert (image.width > image.height) is (scene.lower() == "landscape")
                pictures.append(np.asarray(image.resize((60, 60))).astype(int))
        for picture in pictures[1:]:
            assert np.abs(picture - pictures[0]).mean() < 12, (folder, scene)


def srgb_reference(data: bytes) -> Image.Image:
    """The stored pixels without any orientation, through the file's profile, relative colorimetric."""
    with Image.open(BytesIO(data), formats=["JPEG"]) as image:
        profile = image.info.get("icc_profile")
        rgb = image.convert("RGB") if image.mode == "L" else image.copy()
    if not profile:
        return rgb.convert("RGB")
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), rgb.mode, "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )  # fmt: skip
    converted = ImageCms.applyTransform(rgb, transform)
    assert converted is not None
    return converted


def lab(image: Image.Image, profile: bytes | None) -> np.ndarray:
    """CIE L*a*b* (D50) of an RGB image, straight from its own profile and never by way of sRGB; (height, width, 3)."""
    source = ImageCms.ImageCmsProfile(BytesIO(profile)) if profile else ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(
        image, source, LAB, ImageCms.Intent.RELATIVE_COLORIMETRIC, "LAB", flags=ImageCms.Flags.NOOPTIMIZE
    )
    assert converted is not None
    values = np.asarray(converted).astype(float)
    return np.stack([values[..., 0] * 100 / 255, *((values[..., i] + 128) % 256 - 128 for i in (1, 2))], axis=-1)


def test_colours_are_within_one_delta_e_of_a_colour_managed_decode(
    photos_dir: Path, cleaned: tuple[Path, dict[str, dict[str, str]]]
) -> None:
    target, lines = cleaned
    pillow_heif.register_heif_opener()
    profiles = 0
    for source, line in lines.items():
        if line["status"] == "refused":
            continue
        with Image.open(photos_dir / source) as image:
            profile = image.info.get("icc_profile")
            orientation = 1 if image.format == "HEIF" else image.getexif().get(274, 1) or 1
            stored = image.convert("RGB")
        with Image.open(target / line["output"]) as image:
            output = Image.fromarray(np.ascontiguousarray(STORED_AS[orientation](np.asarray(image))))
        step = max(1, max(stored.size) // 300)  # the same pixels of both, not averages
        pair = [Image.fromarray(np.ascontiguousarray(np.asarray(each)[::step, ::step])) for each in (stored, output)]
        difference = np.sqrt(((lab(pair[0], profile) - lab(pair[1], None)) ** 2).sum(axis=-1))
        assert difference.mean() < 1, (source, difference.mean())
        profiles += bool(profile)
    assert profiles >= 20
