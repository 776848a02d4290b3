"""The models of `rules.addresses`: how the addresses of documents are brought into the form couriers need."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from exchange.config.values import Model, Names

Block = Literal["ship_to", "bill_to"]
"""Addresses of documents."""
Aspect = Literal["region", "postcode", "required", "phone", "letters"]
"""What can be wrong with one."""


class Address(Model):
    """How one address of a document is brought into form; every word of it stays, or the document is a problem.

    The country becomes its ISO code from any name or code, and `kind` says what kind of place it is: street, po_box,
    locker or pickup.
    """

    country: str = ""
    """Country of an address that names none, for example `DE`."""
    units: Literal["line2", "field", "keep"] = "line2"
    """Where apartment, suite, floor and unit go that stand in the street line: to line 2, or (from line 2 too) to the
    address's own field `unit`. Outbound mappings have to read it then, which `exchange check` sees to."""
    region: Literal["code", "name", "keep"] = "code"
    """How states and provinces are written: by code (`CA`), by name, or as they came."""
    postcode: Literal["format", "keep"] = "format"
    """`format`: written as its country writes it (`SW1A 1AA`); what is no postcode there is a problem."""
    required: bool = True
    """Whether what the country's post asks for (street, city, region, postcode) must be there."""
    phone: Literal["e164", "keep"] = "e164"
    """`e164`: telephone numbers with country prefix and digits only (+4940123456)."""
    phones: Names = ()
    """Further document fields with telephone numbers of the same country, for example `customer_phone`."""
    extension: Literal["refuse", "keep"] = "refuse"
    """What becomes of a telephone extension, which E.164 has no place for: a problem, or kept (`+1210... x12`)."""
    upper: bool = False
    """Whether names, streets and cities are written in capitals."""
    transliterate: Literal["no", "ascii", "latin-1"] = "no"
    """The letters that the targets can hold: others are written in plain ones (ß as ss), or are a problem."""
    umlauts: Literal["ae", "a"] = "ae"
    """How ä, ö, ü and å are transliterated: ae, oe, ue, aa as in German, or a, o, u, a."""
    warn: tuple[Aspect, ...] = ()
    """Whose problems are warnings only: the document goes on with what is wrong as it came."""

    @field_validator("country")
    @classmethod
    def _two_letters(cls, text: str) -> str:
        if text and not (len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()):
            raise ValueError("expected a country code such as DE")
        return text
