"""The words that generated orders are made of; all invented."""

from __future__ import annotations

FIRST_NAMES = ("Anna", "Björn", "Chloé", "Dmitri", "Ewa", "Fatima", "Giorgio", "Hanna", "Ivo", "Jana", "Kenji", "Lucía")
LAST_NAMES = ("Almqvist", "Brandt", "Carvalho", "de Vries", "Eriksen", "Fontaine", "Grünwald", "O'Hara", "Kowalska")
STREETS = (
    "High Street",
    "Lindenallee",
    "Rue du Moulin, Bât. B",
    "Via Garibaldi",
    "Hauptstraße",
    "Kerkstraat",
    "Elm Road",
)
CITIES = ("Bremen", "Lyon", "Gent", "Malmö", "Porto", "Torino", "Utrecht", "Wrocław", "Saint-Étienne", "Cork")
COUNTRIES = ("DE", "FR", "BE", "SE", "PT", "IT", "NL", "PL", "IE", "AT")
ITEMS = (
    "Enamel mug, blue rim",
    "Linen tea towel, set of two",
    'Monitor arm for 27" screens',
    "Beech chopping board, oiled",
    "Wool blanket in slate grey",
    "Cast iron pan with lid",
    "Stoneware bowl, hand thrown",
    "Brass desk lamp, dimmable",
    "Cotton shopping bag, natural",
    "Glass storage jar with cork",
)
NOTES = (
    "Please ring twice.",
    'Leave with "Maria" next door,\nor behind the gate.',
    "Gift: no invoice in the box.\r\nThank you!",
)
