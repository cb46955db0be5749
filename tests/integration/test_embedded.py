"""The services in a box keep what they were given, keep the privacy line, and never outlive those who use them."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
import redis
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from config import embedded
from config.embedded import home, seaweed

ROOT = Path(__file__).resolve().parent.parent.parent
HOLD = """
import dataclasses, json, sys, time
from pathlib import Path
from config import embedded
print(json.dumps(dataclasses.asdict(embedded.ensure(Path(sys.argv[1])))), flush=True)
sys.stdin.read()
"""
WRITTEN = (("kept",), [b"ring"], b"photo")
AWAY = (psycopg.OperationalError, redis.ConnectionError, redis.BusyLoadingError, BotoCoreError)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


class Holder:
    """Another process that uses the servers of `var` until it is told to go."""

    def __init__(self, var: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(var)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout
        self.services = json.loads(self.process.stdout.readline())

    def go(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="contrib-portal-test-") as name:
        path = Path(name) / "var"
        yield path
        if (path / "embedded.json").exists():
            kill(family(keeper(path)))
        embedded.stop(path)


@pytest.fixture(scope="module")
def box() -> Iterator[tuple[Path, embedded.Services]]:
    with tempfile.TemporaryDirectory(prefix="contrib-portal-test-") as name:
        path = Path(name)
        yield path, embedded.ensure(path)
        embedded.stop(path)


def parents() -> dict[int, int]:
    """Every process that is not a zombie, with its parent."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                found[int(stat.parent.name)] = int(parent)
    return found


def family(process: int) -> set[int]:
    """All descendants of a process, and itself."""
    tree, found = parents(), {process}
    while more := {pid for pid, parent in tree.items() if parent in found} - found:
        found |= more
    return found


def keeper(var: Path) -> int:
    return int(json.loads((var / "embedded.json").read_text())["pid"])


def child(process: int, word: str) -> int:
    """The one child of a process whose command line contains the word."""
    (found,) = (
        pid
        for pid, parent in parents().items()
        if parent == process and word in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    )
    return found


def eventually(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen"
        time.sleep(0.1)


def kill(processes: set[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def gone(processes: set[int]) -> bool:
    return not processes & parents().keys()


def s3(services: dict[str, Any], place: str) -> Any:
    access_key, secret_key = services["s3_credentials"][place]
    return boto3.client(
        "s3",
        endpoint_url=services["s3_endpoint_url"],
        region_name="us-east-1",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def write(services: dict[str, Any]) -> None:
    with psycopg.connect(services["database_url"]) as connection:
        connection.execute("CREATE TABLE given (answer text)")
        connection.execute("INSERT INTO given VALUES ('kept')")
    with closing(redis.from_url(services["redis_url"])) as broker:
        broker.rpush("queue", "ring")
    with closing(s3(services, "originals")) as client:
        client.put_object(Bucket="originals", Key="a", Body=b"photo", ChecksumAlgorithm="SHA256", IfNoneMatch="*")


def read(services: dict[str, Any]) -> tuple[Any, ...]:
    """What `write` wrote, asked of all three servers."""
    with psycopg.connect(services["database_url"]) as connection:
        row = connection.execute("SELECT answer FROM given").fetchone()
    with closing(redis.from_url(services["redis_url"])) as broker:
        queue = broker.lrange("queue", 0, -1)
    with closing(s3(services, "originals")) as client:
        photo = client.get_object(Bucket="originals", Key="a")["Body"].read()
    return row, queue, photo


def answers(services: dict[str, Any]) -> bool:
    try:
        return bool(read(services))
    except AWAY:
        return False
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:  # a store that is starting answers 500
            raise
        return False


def refusal(call: Callable[[], Any]) -> int:
    with pytest.raises(ClientError) as caught:
        call()
    return int(caught.value.response["ResponseMetadata"]["HTTPStatusCode"])


def test_everything_given_is_there_after_every_process_was_killed_at_once(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    holder = Holder(var)
    with capsys.disabled():
        sys.stdout.write(f"\ncold start of PostgreSQL, Valkey and S3: {time.monotonic() - began:.1f} s\n")
    write(holder.services)
    processes = family(holder.process.pid)
    assert len(processes) > 5
    kill(processes)
    holder.process.communicate()
    eventually(lambda: gone(processes))

    assert read(asdict(embedded.ensure(var))) == WRITTEN


def test_a_server_that_is_killed_comes_back_at_the_same_address_with_its_data(var: Path) -> None:
    services = asdict(embedded.ensure(var))
    write(services)
    servers = {child(keeper(var), word) for word in ("bin/postgres", "valkey-server", "weed mini")}
    kill(servers)
    eventually(lambda: gone(servers) and answers(services))
    assert read(services) == WRITTEN


def test_the_credentials_of_clean_are_refused_on_originals(box: tuple[Path, embedded.Services]) -> None:
    services = asdict(box[1])
    with closing(s3(services, "originals")) as owner, closing(s3(services, "clean")) as labeling:
        owner.put_object(Bucket="originals", Key="face", Body=b"photo")
        source = {"Bucket": "originals", "Key": "face"}
        assert refusal(lambda: labeling.get_object(**source)) == 403
        assert refusal(lambda: labeling.head_object(**source)) == 403
        assert refusal(lambda: labeling.list_objects_v2(Bucket="originals")) == 403
        assert refusal(lambda: labeling.put_object(**source, Body=b"other")) == 403
        assert refusal(lambda: labeling.delete_object(**source)) == 403
        assert refusal(lambda: labeling.copy_object(Bucket="clean", Key="face", CopySource=source)) == 403
        assert refusal(lambda: labeling.put_bucket_acl(Bucket="originals", ACL="public-read")) == 403
        assert owner.get_object(**source)["Body"].read() == b"photo"


@pytest.mark.parametrize("place", ["originals", "clean", "releases"])
def test_each_identity_reads_writes_and_lists_its_own_bucket_and_no_other(
    box: tuple[Path, embedded.Services], place: str
) -> None:
    with closing(s3(asdict(box[1]), place)) as client:
        client.put_object(Bucket=place, Key="own", Body=b"1", ChecksumAlgorithm="SHA256", IfNoneMatch="*")
        assert client.head_object(Bucket=place, Key="own", ChecksumMode="ENABLED")["ChecksumSHA256"]
        assert "own" in [entry["Key"] for entry in client.list_objects_v2(Bucket=place)["Contents"]]
        assert refusal(lambda: client.put_object(Bucket=place, Key="own", Body=b"2", IfNoneMatch="*")) == 412
        assert [bucket["Name"] for bucket in client.list_buckets()["Buckets"]] == [place]
        for other in {"originals", "clean", "releases"} - {place}:
            assert refusal(lambda bucket=other: client.list_objects_v2(Bucket=bucket)) == 403  # type: ignore[misc]


def test_no_port_of_the_store_gives_an_object_away_without_a_signature(box: tuple[Path, embedded.Services]) -> None:
    var, services = box
    with closing(s3(asdict(services), "originals")) as owner:
        owner.put_object(Bucket="originals", Key="secret", Body=b"photo" * 1000)
    folder = Path(json.loads((var / "embedded.json").read_text())["home"]) / "s3"
    options = dict(line.split("=", 1) for line in (folder / "options").read_text().splitlines())
    ports = {part: options[f"{part}.port"] for part in seaweed.PARTS}
    for part, path in [("filer", "/buckets/originals/secret"), ("filer", "/buckets/"), ("s3", "/originals/secret")]:
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"http://127.0.0.1:{ports[part]}{path}", timeout=5)
        assert caught.value.code in {401, 403}
        caught.value.close()


def test_nothing_listens_on_another_address_than_localhost(box: tuple[Path, embedded.Services]) -> None:
    sockets = {
        str(link.readlink())
        for process in family(keeper(box[0]))
        for link in Path(f"/proc/{process}/fd").iterdir()
        if link.is_symlink()
    }
    listening = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    ours = [row[1].split(":")[0] for row in listening if f"socket:[{row[9]}]" in sockets]
    assert len(ours) >= 7
    assert set(ours) == {"0100007F"}


def test_a_second_process_is_given_the_servers_that_run(box: tuple[Path, embedded.Services]) -> None:
    var, services = box
    before = family(keeper(var))
    other = Holder(var)
    assert other.services == json.loads(json.dumps(asdict(services)))
    assert before <= family(keeper(var)) | {keeper(var)}
    other.go()
    time.sleep(1)  # the keeper looks for users three times a second
    assert embedded.running(var) == services


def test_processes_that_start_at_once_share_one_set_of_servers(var: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(var)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    answers = {process.stdout.readline() for process in processes if process.stdout}
    assert len(answers) == 1
    for process in processes:
        process.kill()
        process.communicate()


def test_the_servers_end_when_their_last_user_is_killed_and_not_before(var: Path) -> None:
    first, second = Holder(var), Holder(var)
    processes = family(keeper(var))
    first.kill()
    time.sleep(1)
    assert not processes - parents().keys()
    second.kill()
    eventually(lambda: gone(processes))
    assert embedded.running(var) is None


def test_the_servers_end_when_their_keeper_is_killed(var: Path) -> None:
    holder = Holder(var)
    processes = family(keeper(var))
    os.kill(keeper(var), signal.SIGKILL)
    eventually(lambda: gone(processes))
    assert embedded.running(var) is None
    holder.go()


def test_stopping_is_clean_and_the_secrets_stay(var: Path) -> None:
    services = embedded.ensure(var)
    processes = family(keeper(var))
    folder = Path(json.loads((var / "embedded.json").read_text())["home"])
    private = [var / "embedded.json", var / "embedded" / "secrets.json", folder / "s3" / "s3.json"]
    assert [oct(path.stat().st_mode & 0o777) for path in private] == ["0o600"] * 3
    embedded.stop(var)
    assert gone(processes)
    assert embedded.running(var) is None
    assert not (folder / "postgres" / "data" / "postmaster.pid").exists()
    assert "database system is shut down" in (folder / "postgres" / "log").read_text()
    assert "killed" not in (var / "embedded" / "keeper.log").read_text()
    assert embedded.ensure(var).s3_credentials == services.s3_credentials


def test_only_the_wanted_servers_are_started_and_a_lacking_one_is_named(var: Path) -> None:
    services = embedded.ensure(var, want={"valkey"})
    assert (services.database_url, services.s3_endpoint_url, services.s3_credentials) == ("", "", {})
    with pytest.raises(embedded.NotStarted, match="do not include postgres, s3"):
        embedded.ensure(var)


def test_a_machine_without_a_wheel_is_told_the_three_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(embedded.NotStarted) as caught:
        home.programs(home.Home(tmp_path, None, None, {}), ["postgres"])
    for word in ("DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL", "docker-compose.yml"):
        assert word in str(caught.value)


class Up:
    """`manage.py up` in a folder of its own, as somebody starts it who has configured nothing."""

    def __init__(self, var: Path) -> None:
        configured = ("DATABASE_URL", "REDIS_URL", "S3_")
        environ = {name: value for name, value in os.environ.items() if not name.startswith(configured)}
        environ |= {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings.development"}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = str(free.getsockname()[1])
        self.var, self.log = var, var.parent / "up.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", self.port],
                cwd=ROOT,
                env=environ,
                stdout=log,
                stderr=subprocess.STDOUT,
            )


@pytest.fixture
def start_up(var: Path) -> Iterator[Callable[[], Up]]:
    started: list[Up] = []

    def start() -> Up:
        up = Up(var)
        started.append(up)
        eventually(lambda: "the site is at" in up.log.read_text() or up.process.poll() is not None, 60)
        assert up.process.poll() is None, up.log.read_text()
        return up

    yield start
    for up in started:
        up.process.kill()
        up.process.wait()


def test_up_starts_a_killed_worker_again_leaves_nothing_when_killed_and_stops_within_seconds(
    var: Path, start_up: Callable[[], Up]
) -> None:
    up = start_up()
    eventually(lambda: up.log.read_text().count("ready.") == 1)
    kill({child(up.process.pid, " worker ")})
    eventually(lambda: up.log.read_text().count("ready.") == 2)
    processes = family(up.process.pid)
    assert len(processes) > 10
    up.process.kill()
    up.process.wait()
    eventually(lambda: gone(processes))

    up = start_up()
    url = f"http://127.0.0.1:{up.port}"
    assert json.loads((var / "up.json").read_text()) == {"pid": up.process.pid, "url": url}, up.log.read_text()
    processes = family(up.process.pid)
    began = time.monotonic()
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(30) == 0
    assert time.monotonic() - began < 15
    assert gone(processes)
    assert not (var / "up.json").exists()
