"""The embedded S3 server: SeaweedFS with three buckets, and for each of them the one identity that may use it."""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from config.embedded.home import PLACES, Home, write_private
from config.embedded.server import LOCALHOST, Server, environment
from config.supervisor import Program

REGION = "us-east-1"
ADMIN = "admin"
PARTS = ("s3", "master", "volume", "filer", "admin")  # each listens on a port of its own


def credentials(home: Home) -> dict[str, tuple[str, str]]:
    """For each place, its access key and secret key."""
    return {place: (place, home.secrets[place]) for place in PLACES}


def server(home: Home, binary: Path, ports: list[int], alive: int) -> Server:
    """Write the configuration and say how to run it. `ports`: one for each of PARTS."""
    folder = home.folder("s3")
    home.folder("s3", "data")
    port = dict(zip(PARTS, ports, strict=True))
    identities = [
        {
            "name": place,
            "credentials": [{"accessKey": access_key, "secretKey": secret_key}],
            "actions": [f"{action}:{place}" for action in ("Read", "Write", "List")],
        }
        for place, (access_key, secret_key) in credentials(home).items()
    ]
    admin = {"accessKey": ADMIN, "secretKey": home.secrets["s3-admin"]}
    identities.append({"name": ADMIN, "credentials": [admin], "actions": ["Admin"]})
    write_private(folder / "s3.json", json.dumps({"identities": identities}))
    # Without these keys, SeaweedFS's own HTTP ports would give any object to any process of this machine, past S3.
    write_private(
        folder / "security.toml",
        "".join(
            f'[{section}]\nkey = "{_derived(home, section)}"\n'
            for section in ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
        ),
    )
    options = {
        "dir": "data",  # below the working directory
        "ip": LOCALHOST,
        "ip.bind": LOCALHOST,
        **{f"{part}.port": number for part, number in port.items()},
        "s3.config": "s3.json",
        "s3.iam": "false",
        "s3.autoCreateBucket": "false",
        "s3.allowDeleteBucketNotEmpty": "false",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "webdav": "false",
        "admin.ui": "false",
        "master.telemetry": "false",
        "master.garbageThreshold": 0.0001,  # what is erased leaves the disk soon, not once a third of a volume is gone
        "master.volumeSizeLimitMB": 256,
        "volume.preStopSeconds": 0,
    }
    write_private(folder / "options", "".join(f"{name}={value}\n" for name, value in options.items()))
    program = Program(
        name="s3",
        command=[str(binary), "mini", f"-options={folder / 'options'}"],
        cwd=folder,  # it reads security.toml from here
        env=environment(folder),
        log=folder / "log",
        user=home.user,
        group=home.group,
        pass_fds=(alive,),
    )
    return Server(program, lambda: _is_ready(home, port))


def endpoint_url(port: int) -> str:
    """Where boto3 finds the server."""
    return f"http://{LOCALHOST}:{port}"


def _derived(home: Home, purpose: str) -> str:
    return hmac.new(home.secrets["s3-signing"].encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _is_ready(home: Home, port: dict[str, int]) -> bool:
    """Ready is: the store takes objects, and the buckets are there."""
    try:
        with urllib.request.urlopen(f"http://{LOCALHOST}:{port['master']}/dir/status", timeout=2) as answer:
            if not json.load(answer)["Topology"]["Max"]:
                return False
        return all(_make_bucket(home, port["s3"], place) for place in PLACES)
    except (OSError, ValueError):
        return False


def _make_bucket(home: Home, port: int, bucket: str) -> bool:
    """PUT Bucket, signed as AWS Signature Version 4 has it; True also where the bucket is there already."""
    host, at = f"{LOCALHOST}:{port}", datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    body = hashlib.sha256(b"").hexdigest()
    headers = {"host": host, "x-amz-content-sha256": body, "x-amz-date": at}
    names = ";".join(headers)
    canonical = "\n".join(["PUT", f"/{bucket}", "", *(f"{k}:{v}" for k, v in headers.items()), "", names, body])
    scope = [at[:8], REGION, "s3", "aws4_request"]
    text = "\n".join(["AWS4-HMAC-SHA256", at, "/".join(scope), hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + home.secrets["s3-admin"]).encode()
    for part in (*scope, text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    credential = "/".join([ADMIN, *scope])
    headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={key.hex()}"
    request = urllib.request.Request(f"http://{host}/{bucket}", method="PUT", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310
            return True
    except urllib.error.HTTPError as error:
        return error.code == 409  # BucketAlreadyOwnedByYou
