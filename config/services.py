"""Where the three services are: in the environment, or in the box beside the code."""

import os
from collections.abc import MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CREDENTIAL_NAMES = {
    "originals": ("S3_ORIGINALS_ACCESS_KEY", "S3_ORIGINALS_SECRET_KEY"),
    "clean": ("S3_CLEAN_ACCESS_KEY", "S3_CLEAN_SECRET_KEY"),
    "releases": ("S3_RELEASES_ACCESS_KEY", "S3_RELEASES_SECRET_KEY"),
}


def var_dir() -> Path:
    """The folder of everything that a run leaves behind (VAR_DIR, default var/)."""
    return Path(os.environ.get("VAR_DIR") or ROOT / "var")


def provide(*, var: Path | None = None, environ: MutableMapping[str, str] = os.environ) -> None:
    """Set the variables of each unconfigured service, from a running embedded instance or by starting one."""
    wanted = {
        name
        for name, variable in (
            ("postgres", "DATABASE_URL"),
            ("valkey", "REDIS_URL"),
            ("s3", "S3_ENDPOINT_URL"),
        )
        if not environ.get(variable)
    }
    if not wanted:
        return
    from config import embedded

    services = embedded.attach_or_start(var or var_dir(), want=wanted)
    if "postgres" in wanted:
        environ["DATABASE_URL"] = services.database_url
    if "valkey" in wanted:
        environ["REDIS_URL"] = services.redis_url
    if "s3" in wanted:
        environ["S3_ENDPOINT_URL"] = services.s3_endpoint_url
        for place, (key_name, secret_name) in CREDENTIAL_NAMES.items():
            environ[key_name], environ[secret_name] = services.s3_credentials[place]
