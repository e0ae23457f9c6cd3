"""Districts that several test files of the synthetic population share."""

from functools import cache

from wijksim.build.population import synthesise
from wijksim.core.rng import Draws
from wijksim.parameters.store import shipped_parameters
from wijksim.places.load import load_place, place_names

PLACES = place_names()
VALUES = {name: parameter.value for name, parameter in shipped_parameters().items()}


@cache
def make(name: str, residents: int = 4000, seed: int = 1):
    place = load_place(name)
    dwellings = round(residents / place.household_size.value)
    return synthesise(place, dwellings=dwellings, draws=Draws(seed), values=VALUES)


def age_of(district):
    """Ages in years."""
    return -district.residents.birth_month.astype(int) / 12
