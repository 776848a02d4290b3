"""XML that is made to harm, or went wrong: told clearly, nothing fetched, and the next file is still read.

Faults 29 and 30. `python -m tests.bench attacks` prints the same files with their peak memory.
"""

from __future__ import annotations

import json
import socket
from collections import Counter
from pathlib import Path

import pytest

from tests.flows.partner_xml import Partner, orders, record
from tests.samples.xml_attacks import SHARED, SHARED_CODES, attacks, order


def told(partner: Partner) -> dict[str, list[str]]:
    """Run the flow, and return the codes of each file."""
    ran = partner.run_flow()
    assert ran.exit == 3, ran.err
    return {row["file"]: [code for code in row["problems"] if code != "DUPLICATE_IN_FILE"] for row in ran.rows}


def test_every_attack_is_told_and_the_next_file_is_read(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "ws").begin()
    made = attacks()
    for name, attack in made.items():
        attack.write(partner.send(f"{name}.xml", b""))
        partner.age(partner.root / "data/inbox/partner" / f"{name}.xml", -100)
    partner.send("zz_last.xml", orders(record(99)), day=3)
    found = told(partner)
    wrong = {
        name: (attack.code, found[f"{name}.xml"])
        for name, attack in made.items()
        if [attack.code] * bool(attack.code) != found[f"{name}.xml"]
    }
    assert wrong == {}
    assert "99" in partner.taken()
    assert not any(
        "root:" in path.read_text(encoding="utf-8", errors="replace") for path in partner.files("data/outbox")
    )


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared collection of XML attacks is not here")
def test_the_shared_collection(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "ws").begin()
    for name in SHARED_CODES:
        partner.send(name, (SHARED / name).read_bytes())
    assert told(partner) == {name: [code] for name, code in SHARED_CODES.items()}
    assert {path.name for path in SHARED.glob("*.xml")} == set(SHARED_CODES)


@pytest.mark.parametrize("broken", [False, True])
def test_a_schema_that_the_file_names_is_never_fetched(tmp_path: Path, *, broken: bool) -> None:
    """Neither by libxml2, for each record, nor by xmlschema, for the words of a bad one."""
    partner = Partner(tmp_path / "ws").begin("schema: partner.xsd")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        where = f"http://127.0.0.1:{server.getsockname()[1]}/o.xsd"
        instance = "http://www.w3.org/2001/XMLSchema-instance"
        names = f'xmlns:xsi="{instance}" xsi:noNamespaceSchemaLocation="{where}" xsi:schemaLocation="urn:x {where}"'
        total = "much" if broken else "10.00"
        ran = partner.receive("a.xml", orders(record(1, Total=total), root=f"Orders {names}", tail="<Trailer/>"))
        with pytest.raises(BlockingIOError):
            server.accept()
    assert ("XSD_INVALID" in ran.row["problems"]) is broken


def test_a_doctype_is_never_fetched(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "ws").begin("doctype: allow")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        where = f"http://127.0.0.1:{server.getsockname()[1]}/o.dtd"
        content = orders(record(1)).replace("<Orders>", f'<!DOCTYPE Orders SYSTEM "{where}"><Orders>')
        assert partner.receive("a.xml", content).exit == 0
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_refused_file_leaves_one_reject_with_its_words(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "ws").begin()
    ran = partner.receive("bomb.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert (ran.row["state"], Counter(ran.row["problems"])) == ("rejected", Counter(XML_ENTITIES=1))
    [reject] = partner.open_rejects()
    [line] = (partner.root / reject["file"]).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["message"] == "the DOCTYPE of the file declares entities (b)"


def test_xinclude_is_an_element_like_any_other(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden", encoding="utf-8")
    partner = Partner(tmp_path / "ws").begin()
    note = f'<Note><i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/></Note>'
    assert partner.receive("a.xml", f"<Orders>{order(note)}</Orders>").exit == 0
    sent = [path.read_text(encoding="utf-8") for path in partner.files("data/outbox")]
    assert len(sent) == 2
    assert "hidden" not in "".join(sent)
