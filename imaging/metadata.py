"""Which metadata a photo carried: names of tags and how often, never a value.

Values are what identifies; names are enough to tell a moderator, and a study's report, what was taken away. Names are
those of the standards; whatever somebody named themselves (it could be a value) is counted as "other".
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, Final

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from imaging.formats import Format

EXIF_IFDS: Final = (
    ("EXIF", ExifTags.IFD.Exif, ExifTags.TAGS),
    ("GPS", ExifTags.IFD.GPSInfo, ExifTags.GPSTAGS),
    ("Interop", ExifTags.IFD.Interop, {tag.value: tag.name for tag in ExifTags.Interop}),
    ("Thumbnail", ExifTags.IFD.IFD1, ExifTags.TAGS),
)
POINTERS: Final = {ExifTags.IFD.Exif.value, ExifTags.IFD.GPSInfo.value, ExifTags.IFD.Interop.value}
LAYOUT_OF_A_TIFF: Final = {
    *range(254, 267),
    273,
    277,
    278,
    279,
    284,
    *range(317, 326),
    330,
    338,
    339,
    347,
    *range(529, 533),
}
"""Tags that say where the pixels of a TIFF lie and how they are packed."""

XMP_PROPERTY: Final = re.compile(rb'<([A-Za-z][\w-]*):([A-Za-z]\w*)[\s/>]|\s([A-Za-z][\w-]*):([A-Za-z]\w*)\s*=\s*["\']')
XMP_SYNTAX: Final = {b"xmlns", b"rdf", b"xml", b"x"}
XMP_SCHEMAS: Final = set(
    b"dc xmp xmpMM xmpRights xmpDM stEvt stRef stDim photoshop tiff exif exifEX aux crs lr Iptc4xmpCore Iptc4xmpExt "
    b"plus mwg-rs GPano GCamera GDepth GImage Container Item apple-fi hdrgm HDRGainMap".split()
)
IPTC_NAMES: Final = {
    5: "ObjectName", 25: "Keywords", 40: "SpecialInstructions", 55: "DateCreated", 60: "TimeCreated", 80: "By-line",
    85: "By-lineTitle", 90: "City", 92: "Sub-location", 95: "Province-State", 100: "CountryCode", 101: "Country",
    103: "OriginalTransmissionReference", 105: "Headline", 110: "Credit", 115: "Source", 116: "CopyrightNotice",
    118: "Contact", 120: "Caption-Abstract", 122: "Writer-Editor",
}  # fmt: skip
SEGMENTS_SEEN_ELSEWHERE: Final = (
    b"JFIF", b"Exif\x00", b"http://ns.adobe.com/xap/1.0/\x00", b"ICC_PROFILE\x00", b"Photoshop 3.0\x00", b"Adobe"
)  # fmt: skip
PIXEL_CHUNKS: Final = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"sBIT", b"bKGD"}


def found(data: bytes, source_format: Format) -> dict[str, int]:
    """Names of tags ("GPS:GPSLatitude", "XMP-dc:creator", "PNG:tEXt") of a photo that decodes, each with its count.

    Sorted by name. A block that cannot be parsed counts as "<block>:unreadable"; nothing is raised over it.
    """
    names: Counter[str] = Counter()
    for block, tags in (_heif(data) if source_format is Format.HEIF else _other(data, source_format)).items():
        try:
            names.update(tags)
        except Exception:  # parsers raise whatever they like over a broken block
            names[f"{block}:unreadable"] += 1
    return dict(sorted(names.items()))


def _other(data: bytes, source_format: Format) -> dict[str, Iterator[str]]:
    image = Image.open(BytesIO(data), formats=[source_format])
    return {
        "EXIF": _exif(image),
        "IPTC": _iptc(image),
        "JPEG": _jpeg(image),
        "PNG": _png(data) if source_format is Format.PNG else iter(()),
        **_common(image.info),
    }


def _heif(data: bytes) -> dict[str, Iterator[str]]:
    import pi_heif

    heif = pi_heif.open_heif(data)
    info = heif.info
    carrier = Image.new("L", (1, 1))
    carrier.info["exif"] = info["exif"] or b""
    return {"EXIF": _exif(carrier), "HEIF": _heif_items(info, further=len(heif) - 1), **_common(info)}


def _common(info: Mapping[Any, Any]) -> dict[str, Iterator[str]]:
    return {"XMP": _xmp(info.get("xmp") or b""), "ICC": iter(["ICC:profile"] if info.get("icc_profile") else [])}


def _exif(image: Image.Image) -> Iterator[str]:
    exif = image.getexif()
    for tag in exif.keys() - POINTERS - LAYOUT_OF_A_TIFF:
        yield f"EXIF:{ExifTags.TAGS.get(tag, hex(tag))}"
    for group, ifd, tag_names in EXIF_IFDS:
        for tag in exif.get_ifd(ifd).keys() - POINTERS - LAYOUT_OF_A_TIFF:
            yield f"{group}:{tag_names.get(tag, hex(tag))}"


def _iptc(image: ImageFile.ImageFile) -> Iterator[str]:
    for (record, dataset), values in (IptcImagePlugin.getiptcinfo(image) or {}).items():
        name = IPTC_NAMES.get(dataset, str(dataset)) if record == 2 else f"{record}-{dataset}"
        yield from [f"IPTC:{name}"] * (len(values) if isinstance(values, list) else 1)


def _jpeg(image: ImageFile.ImageFile) -> Iterator[str]:
    """Comments and the segments of makers; what JFIF, Exif, XMP, ICC and Adobe's colour flag put is seen elsewhere."""
    for marker, body in getattr(image, "applist", []):
        if marker == "COM" or not body.startswith(SEGMENTS_SEEN_ELSEWHERE):
            yield f"JPEG:{marker}"


def _png(data: bytes) -> Iterator[str]:
    start = 8
    while start + 8 <= len(data):
        kind = data[start + 4 : start + 8]
        if kind not in PIXEL_CHUNKS:
            yield f"PNG:{kind.decode('ascii') if kind.isalpha() else 'other'}"
        start += 12 + int.from_bytes(data[start : start + 4], "big")


def _heif_items(info: Mapping[str, Any], *, further: int) -> Iterator[str]:
    yield from ["HEIF:further image"] * further
    yield from ["HEIF:thumbnail"] * len(info["thumbnails"])
    yield from ["HEIF:depth image"] * len(info["depth_images"])
    yield from ["HEIF:auxiliary image"] * sum(len(images) for images in info["aux"].values())
    yield from ["HEIF:other metadata"] * len(info["metadata"])


def _xmp(packet: bytes | str) -> Iterator[str]:
    for match in XMP_PROPERTY.finditer(packet.encode() if isinstance(packet, str) else packet):
        schema, name = match[1] or match[3], match[2] or match[4]
        if schema in XMP_SCHEMAS:
            yield f"XMP-{schema.decode()}:{name.decode()}"
        elif schema not in XMP_SYNTAX:
            yield "XMP:other"
