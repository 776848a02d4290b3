"""Picking up over SFTP and delivering over SFTP, through the front door, against a real OpenSSH server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tests.flows.partner import FLOW, SETTINGS, Partner, partner
from tests.flows.shop import export, order
from tests.servers.sshd import Setup


@pytest.fixture
def wms(tmp_path: Path) -> Iterator[Partner]:
    """A partner's server that nobody has set up yet in the workspace."""
    with partner(tmp_path) as made:
        yield made


def test_the_starter_works_over_sftp_by_uncommenting(wms: Partner) -> None:
    wms.ready()
    source = wms.upload("day.csv", order(1001), order(1002, status="pending"))

    ran = wms.shop.type("run", "--json")

    assert ran.exit == 0, ran.err
    assert (ran.row["file"], ran.row["state"]) == ("day.csv", "done")
    assert ran.documents == {"in": 2, "out": 1, "rejected": 0, "filtered": 0, "held": 1}
    [name] = wms.received
    assert name == f"ORD_{ran.row['claim']}_001.xml"
    root = etree.parse(wms.server.root / "incoming" / name).getroot()
    assert [element.findtext("OrderNumber") for element in root] == ["1001"]
    assert not source.exists(), "the source is archived here and gone there"
    [archived] = [path for path in wms.shop.files("data/archive") if path.name.endswith(".day.csv")]
    assert archived.read_text(encoding="utf-8") == export(order(1001), order(1002, status="pending"))
    [output] = [each for each in ran.row["outputs"] if each["endpoint"] == "wms_sftp"]
    assert output["sha256"]
    assert output["path"].endswith(f"incoming/{name}")


def test_an_idle_run_looks_at_the_server_and_then_takes_what_came(wms: Partner) -> None:
    wms.ready()
    before = len(wms.server.connections)
    idle = wms.shop.type("run", "--json")
    assert (idle.exit, idle.out) == (0, "")
    assert len(wms.server.connections) == before + 1
    wms.upload("day.csv", order(1))
    assert wms.shop.type("run", "--json").row["file"] == "day.csv"
    again = wms.shop.type("run", "--json")
    assert (again.exit, again.out) == (0, "")


def test_status_asks_no_server_and_says_so(wms: Partner) -> None:
    wms.ready()
    wms.upload("day.csv", order(1))
    wms.shop.drop("local.csv", order(2))
    before = len(wms.server.connections)
    row = wms.shop.type("status", "--json").row
    assert (row["ready"], row["not_asked"]) == (["local.csv"], ["wms_sftp"])
    assert "wms_sftp was not asked what it has: exchange run orders --dry-run" in wms.shop.type("status").out
    assert len(wms.server.connections) == before
    dry = wms.shop.type("run", "--dry-run", "--json")
    assert {each["file"] for each in dry.rows} == {"day.csv", "local.csv"}
    assert (wms.server.root / "orders/day.csv").exists()
    assert wms.received == []


def test_a_server_that_only_gets_files_is_left_alone_by_an_idle_run(wms: Partner) -> None:
    wms.ready()
    path = wms.shop.root / FLOW
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "from: wms_sftp" not in line), encoding="utf-8")
    before = len(wms.server.connections)
    assert wms.shop.type("run").exit == 0
    assert len(wms.server.connections) == before


def test_all_flows_of_a_run_share_one_connection(wms: Partner) -> None:
    wms.ready()
    text = (wms.shop.root / FLOW).read_text(encoding="utf-8")
    annex = text.replace("flow: orders", "flow: annex").replace("folder: orders, match", "folder: annex, match")
    (wms.shop.root / "mappings/flows/annex.yaml").write_text(annex, encoding="utf-8")
    (wms.server.root / "annex").mkdir()
    wms.upload("day.csv", order(1)).rename(wms.server.root / "annex" / "a.csv")
    wms.upload("day.csv", order(2))
    before = len(wms.server.connections)

    ran = wms.shop.type("run", "--json")

    assert [(row["flow"], row["file"]) for row in ran.rows] == [("annex", "a.csv"), ("orders", "day.csv")]
    assert len(wms.server.connections) == before + 1


def test_what_is_used_to_log_in_is_in_the_journal(wms: Partner) -> None:
    wms.ready()
    assert wms.shop.type("run").exit == 0
    key = wms.keys.path("client")
    assert f"endpoint wms_sftp: file {key} was read" in wms.journal
    assert f"logged in to 127.0.0.1 as {wms.server.user} with file {key}" in wms.journal


# --- host keys ----------------------------------------------------------------------------------------------------
def test_fault_25_an_unknown_host_key_stops_this_partner_only(wms: Partner) -> None:
    """Fault 25: nothing is sent, the fingerprint is shown, other flows go on."""
    wms.uncomment()
    wms.upload("day.csv", order(1))
    separate(wms)
    wms.shop.drop("local.csv", order(2))

    ran = wms.shop.type("run", "--json")

    assert ran.exit == 5
    assert [(row["flow"], row["file"]) for row in ran.rows] == [("orders", "local.csv")]
    assert "no host key is pinned" in ran.err
    assert "exchange hostkeys scan wms_sftp" in ran.err
    assert (wms.server.root / "orders/day.csv").exists()
    assert "Accepted" not in wms.server.log


def test_fault_25_a_changed_host_key_is_refused_until_it_is_pinned_again(tmp_path: Path) -> None:
    """Fault 25: both fingerprints are printed; only `hostkeys pin` makes it go on."""
    with partner(tmp_path) as wms:
        wms.ready()
        wms.upload("day.csv", order(1))
        # The server is set up anew, behind the same address.
        known = wms.shop.root / "mappings/known_hosts"
        other = wms.keys.public("somebody_else") if wms.keys.path("somebody_else") else ""
        line = f"[127.0.0.1]:{wms.server.port} {other}\n"
        known.write_text(line, encoding="utf-8")

        ran = wms.shop.type("run", "--json")

        assert ran.exit == 5
        assert wms.keys.fingerprint("host") in ran.err
        assert wms.keys.fingerprint("somebody_else") in ran.err
        assert "exchange hostkeys pin wms_sftp" in ran.err
        assert wms.received == []
        assert "Accepted" not in wms.server.log

        wms.pin()
        assert wms.shop.type("run", "--json").row["file"] == "day.csv"


# --- logging in ---------------------------------------------------------------------------------------------------
def test_fault_24_a_refused_log_in_is_tried_once_a_run_and_costs_this_partner_only(wms: Partner) -> None:
    """Fault 24: one attempt, exit 6, nothing lost; with the right key the next run goes on."""
    wms.ready()
    stranger = wms.keys.path("stranger")
    wms.shop.edit(SETTINGS, str(wms.keys.path("client")), str(stranger))
    source = wms.upload("day.csv", order(1))
    separate(wms)
    wms.shop.drop("local.csv", order(2))

    ran = wms.shop.type("run", "--json")

    assert ran.exit == 6
    assert [(row["flow"], row["file"]) for row in ran.rows] == [("orders", "local.csv")]
    assert "refused the log-in" in ran.err
    assert str(stranger) in ran.err
    assert source.exists()
    assert wms.server.log.count("Failed publickey") == 1

    wms.shop.edit(SETTINGS, str(stranger), str(wms.keys.path("client")))
    assert wms.shop.type("run", "--json").row["file"] == "day.csv"


def test_of_two_keys_the_one_that_is_accepted_is_used_and_named(wms: Partner) -> None:
    wms.ready()
    new, old = wms.keys.path("new"), wms.keys.path("client")
    wms.shop.edit(SETTINGS, f"{{file: {old}}}", f"[{{file: {new}}}, {{file: {old}}}]")
    wms.upload("day.csv", order(1))
    assert wms.shop.type("run").exit == 0
    assert f"with file {old}" in wms.journal


def test_a_secret_that_is_not_there_is_configuration(wms: Partner) -> None:
    wms.ready()
    wms.shop.edit(SETTINGS, f"{{file: {wms.keys.path('client')}}}", "{credential: wms_key}")
    wms.upload("day.csv", order(1))
    ran = wms.shop.type("run")
    assert ran.exit == 5
    assert "LoadCredential=wms_key:PATH" in ran.err


# --- doctor -------------------------------------------------------------------------------------------------------
def test_doctor_tries_everything_and_keeps_the_profile(wms: Partner) -> None:
    wms.ready()
    ran = wms.shop.type("doctor", "wms_sftp", "--json")
    assert ran.exit == 0, ran.out
    incoming, orders = ran.rows
    assert (incoming["place"], incoming["ok"]) == (f"{wms.server.user}@127.0.0.1:{wms.server.port} incoming", True)
    assert orders["place"].endswith(" orders")
    tried = {row["what"]: row["found"] for row in incoming["rows"]}
    assert tried["host key"] == f"{wms.keys.fingerprint('host')}, as pinned"
    for what in ("list", "write", "clock", "rename onto an existing name", "posix-rename", "remove", "free space"):
        assert what in tried
    stored = json.loads((wms.shop.root / "data/state/endpoints/wms_sftp.json").read_text(encoding="utf-8"))
    assert stored["profile"]["posix_rename"] is True
    assert stored["profile"]["rename_replaces"] is False
    assert wms.received == []
    wms.upload("day.csv", order(1))
    assert wms.shop.type("run", "--json").exit == 0
    assert len(wms.received) == 1


def test_fault_22_doctor_names_what_a_server_lacks_and_deliveries_do_without(tmp_path: Path) -> None:
    """Fault 22: a server without posix-rename, fsync and statvfs; the fallback is documented, told, and works."""
    with partner(tmp_path, Setup(options="-P posix-rename,fsync,statvfs")) as wms:
        wms.ready()
        ran = wms.shop.type("doctor", "wms_sftp")
        assert ran.exit == 0, ran.out
        assert re.search(r"posix-rename +not offered\n +-> write `exists: unique`", ran.out)
        assert "sync to disk                  not offered" in ran.out
        wms.upload("day.csv", order(1))
        assert wms.shop.type("run", "--json").exit == 0
        assert len(wms.received) == 1


def test_doctor_where_nothing_may_be_written(tmp_path: Path) -> None:
    with partner(tmp_path, Setup(options="-R")) as wms:
        wms.ready()
        ran = wms.shop.type("doctor", "wms_sftp")
        assert ran.exit == 6
        assert re.search(r"FAIL  write +refused: .*\n +-> nothing can be delivered here", ran.out)
        assert not (wms.shop.root / "data/state/endpoints/wms_sftp.json").exists()


def test_doctor_where_the_server_is_away(wms: Partner) -> None:
    wms.ready()
    wms.server.close()
    ran = wms.shop.type("doctor")
    assert ran.exit == 6
    assert "no connection to 127.0.0.1" in ran.out
    assert "erp (local)" in ran.out, "the others are examined all the same"


def test_doctor_where_the_log_in_is_refused(wms: Partner) -> None:
    wms.ready()
    wms.shop.edit(SETTINGS, str(wms.keys.path("client")), str(wms.keys.path("stranger")))
    ran = wms.shop.type("doctor", "wms_sftp")
    assert (ran.exit, ran.out.count("refused the log-in")) == (6, 1)


def test_doctor_names_the_legacy_that_a_server_needs(tmp_path: Path) -> None:
    old = ("Ciphers aes256-cbc", "MACs hmac-sha1")
    with partner(tmp_path, Setup(lines=old)) as wms:
        wms.ready()
        ran = wms.shop.type("doctor", "wms_sftp")
        assert ran.exit != 0
        assert "legacy: [aes256-cbc, hmac-sha1]" in ran.out
        wms.shop.edit(SETTINGS, "    user:", "    legacy: [aes256-cbc, hmac-sha1]\n    user:")
        ran = wms.shop.type("doctor", "wms_sftp")
        assert ran.exit == 0, ran.out
        assert "weak, switched on here: aes256-cbc, hmac-sha1" in ran.out


def separate(wms: Partner) -> None:
    """Give the partner's pick-up and delivery a flow of their own, `partner`, that comes before `orders`."""
    path = wms.shop.root / FLOW
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    ours = "".join(line for line in lines if "wms_sftp, folder" not in line)
    theirs = "".join(
        line for line in lines if not ("from: shopify," in line or "to: wms," in line or "to: erp," in line)
    )
    path.write_text(ours, encoding="utf-8")
    (wms.shop.root / "mappings/flows/a_partner.yaml").write_text(
        theirs.replace("flow: orders", "flow: a_partner"), encoding="utf-8"
    )
