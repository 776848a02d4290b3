"""The invented customers of the samples; e-mail addresses and telephone numbers are of the reserved kinds."""

from __future__ import annotations

from tests.samples.shopify import Address

MARA = Address("Mara Lind", "Kaistrasse 7", "Hamburg", "20457", "DE", phone="+49 30 23125 014")
JONAS = Address("Jonas Ahrens", "Am Deich 112", "Bremen", "28199", "DE", line2="Hinterhaus, 2. Stock")
ELIF = Address("Elif Sommer", "Lange Zeile 3", "Nuremberg", "90419", "DE", company="Sommer Interiors")
CAMILLE = Address("Camille Royer", "14 rue des Glycines", "Lyon", "69003", "FR", phone="+33 1 99 00 12 34")
PIETER = Address("'t Hooft, Pieter", "Prinsengracht 1", "Amsterdam", "'1015 DV", "NL", phone="'+31 20 000 0112")
OWEN = Address("Owen Hartley", "5 Quay Lane", "Bristol", "BS1 4ZZ", "GB", phone="+44 1632 960123")
DANA = Address(
    "Dana Whitfield",
    "88 Orchard Street",
    "Albany",
    "'01001",
    "US",
    line2="Apt 4B",
    region="NY",
    region_name="New York",
    phone="+1 555 0100",
)
NOAH = Address("Noah Tremblay", "210 rue Principale", "Gatineau", "J8X 2K1", "CA", region="QC", region_name="Quebec")
URS = Address("Urs Keller", "Seeweg 21", "Zug", "6300", "CH")
EMOJI = Address("Lotte 🌷 Brandt", "Tulpenweg 9", "Husum", "25813", "DE", company="🌷 & Co.")
HEBREW = Address("נועה לוי", "רחוב הזית 12", "חיפה", "3303142", "IL")
ARABIC = Address("ليلى حداد", "شارع البحر 5", "دبي", "00000", "AE", region="DU", region_name="Dubai")
MARKUP = Address('<b>Ines</b> & "Theo" O\'Hara', "Kirchweg 1 <rear>", "Kiel", "24103", "DE")
FORMULA = Address("=1+1", "@SUM(A1)", "Kiel", "24103", "DE", company="-2+3", phone="+49 30 23125 077")
TOKYO = Address("佐藤 みどり", "港区1-2-3", "東京都", "105-0011", "JP", region="JP-13", region_name="Tokyo")
