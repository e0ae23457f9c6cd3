"""Compiled loops over what pupils learn and with whom, what schools advise, and where in education newcomers are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wijksim.core.compiled import compiled, inlined
from wijksim.mechanisms.school.codes import BASIC, ENTRY, HAVO, HIGHER, PRIMARY, VOCATIONAL
from wijksim.state.codes import Activity, Education, Role

type Rows = NDArray[np.int32]
type Months = NDArray[np.int16]
type Codes = NDArray[np.int8]
type Floats = NDArray[np.float64]
type Shares = NDArray[np.float32]
type Bools = NDArray[np.bool_]
type Moments = tuple[float, float]  # mean and deviation among the pupils of the national reference
type Innate = tuple[
    Moments, Moments, tuple[float, float, float]
]  # ability, parents; weights of both and of luck
type Surroundings = tuple[
    Rows,
    Shares,
    Moments,
    Shares,
    float,
    Rows,
    Shares,
    float,
    Shares,
    tuple[float, float, float, float],
    float,
    float,
]  # homes and their calm, classmates, schools and their lack of teachers, extra hours; weights and units

_AT_HOME, _MIDDLE = int(Role.CHILD), int(Education.MIDDLE)
_STUDENT = int(Activity.STUDENT)


@inlined
def _standard(value: float, moments: Moments) -> float:
    """Standardise by moments; without a deviation a driver tells nothing."""
    return (value - moments[0]) / moments[1] if moments[1] > 0 else 0.0


@inlined
def _calm_at(row: int, household: Rows, calm: Shares) -> np.float32:
    """Calm of the home, nothing for who has none."""
    return calm[household[row]] if household[row] >= 0 else np.float32(0)


# fmt: off
@compiled
def aims(
    rows: Rows, ability: Shares, parents: Codes, luck: Shares, innate: Innate, z: Floats,
) -> None:
    # fmt: on
    """Fill ``z`` with what ability, the education of the parents (where it is known) and luck make of achievement."""
    of_ability, of_parents, (own, home, chance) = innate
    for i in range(rows.size):
        row = rows[i]
        talent = _standard(np.float64(ability[row]), of_ability)
        taught = _standard(np.float64(parents[row]), of_parents) if parents[row] >= 0 else 0.0
        z[i] = own * talent + home * taught + chance * np.float64(luck[row])


# fmt: off
@compiled
def surroundings(
    rows: Rows, household: Rows, calm: Shares, of_calm: Moments, peers: Shares, of_peers: float, school: Rows,
    shortage: Shares, usual_shortage: float, extra_hours: Shares, weights: tuple[float, float, float, float],
    ten_points: float, full_hours: float, z: Floats,
) -> None:
    # fmt: on
    """Add to ``z`` what calm at home, classmates, a lack of teachers and extra hours make of achievement.

    ``weights`` are those of the four; classmates count per ``ten_points`` above the mean ``of_peers``, teachers above
    the usual shortage, hours as a part of ``full_hours``.
    """
    peace, by_peers, by_shortage, by_hours = weights
    for i in range(rows.size):
        row = rows[i]
        rest = _calm_at(row, household, calm)
        z[i] += peace * (_standard(np.float64(rest), of_calm) if rest > 0 else 0.0)
        above = np.float32(by_peers) * (peers[row] - np.float32(of_peers)) / np.float32(ten_points)
        z[i] += np.float64(above)
        lack = shortage[school[row]] - np.float32(usual_shortage) if school[row] >= 0 else np.float32(0)
        z[i] += np.float64(np.float32(by_shortage) * lack)
        z[i] += np.float64(extra_hours[row]) / full_hours * by_hours


# fmt: off
@compiled
def attending(
    rows: Rows, stress: Shares, of_stress: Moments, household: Rows, calm: Shares, of_calm: Moments,
    weights: tuple[float, float], usual: float, level: Floats,
) -> None:
    # fmt: on
    """Fill ``level`` with the logit of the part of lessons attended: less with stress, more with calm at home."""
    by_stress, by_calm = weights
    for i in range(rows.size):
        rest = _calm_at(rows[i], household, calm)
        level[i] = usual - by_stress * _standard(np.float64(stress[rows[i]]), of_stress)
        level[i] += by_calm * (_standard(np.float64(rest), of_calm) if rest > 0 else 0.0)


# fmt: off
@compiled
def calmed(
    children: Months, head: Rows, stress: Shares, nuisance: Shares, problem_debt: Bools, moved_in: Months,
    lately: float, weights: tuple[float, float, float, float], calm: Shares,
) -> None:
    # fmt: on
    """Fill ``calm`` of homes with children: less by ``weights`` of stress, noise, debts and a move after ``lately``."""
    by_stress, by_nuisance, by_debt, by_move = weights
    for home in range(children.size):
        if children[home] > 0:
            felt = np.float32(by_stress) * stress[head[home]] + np.float32(by_nuisance) * nuisance[home]
            unrest = (np.float64(felt) + by_debt * problem_debt[home]) + by_move * (moved_in[home] > lately)
            calm[home] = np.float32(min(max(1.0 - unrest, 0.0), 1.0))


@compiled
def shortened(
    disadvantaged: Shares, mean: float, usual: float, composition: float, filled: Floats, fraction: float,
    shortage: Shares,
) -> None:  # fmt: skip
    """Move the ``shortage`` of teachers of each school on to what its pupils make of it, less posts that are filled."""
    for k in range(shortage.size):
        wanted = usual + composition * (np.float64(disadvantaged[k]) - mean) - filled[k]
        wanted = min(max(wanted, 0.0), 1.0)
        now = np.float64(shortage[k])
        shortage[k] = np.float32(now + (wanted - now) * fraction)


@compiled
def advise(
    rows: Rows, household: Rows, fifth: Codes, achievement: Shares, bias: float, usual: float, heard: Floats,
    cuts: Floats, track: Codes,
) -> None:  # fmt: skip
    """Fill ``track`` with the advice for each of ``rows``: one more for every one of ``cuts`` below the achievement.

    Pupils of the lowest income fifth, of whom there is a part ``usual``, are seen as lower by the bias, of which a part
    ``heard`` per resident is undone (if it is given at all).
    """
    for i in range(rows.size):
        row = rows[i]
        home = household[row]
        poor = 1.0 if home < 0 or fifth[home] == 0 else 0.0
        seen = bias * (poor - usual)
        if heard.size and seen < 0:
            seen *= 1 - heard[row]
        score = np.float64(achievement[row]) + seen
        track[i] = 1
        for cut in cuts:
            track[i] += cut < score


@compiled
def standing(
    rows: Rows,
    role: Codes,
    household: Rows,
    head: Rows,
    education: Codes,
    fifth: Codes,
    low_parents: int,
    parents: Codes,
    disadvantaged: Bools,
) -> None:
    """Education of the parents of pupils at home, and who counts as disadvantaged."""
    for row in rows:
        home = household[row]
        at_home = role[row] == _AT_HOME
        if at_home:
            parents[row] = education[head[home]] if home >= 0 and head[home] >= 0 else 0
        poor = at_home and (home < 0 or fifth[home] == 0)
        disadvantaged[row] = poor or 0 <= parents[row] <= low_parents


# fmt: off
@compiled
def composed(
    rows: Rows, school: Rows, disadvantaged: Bools, track: Codes, tracks: int, pupils: Rows, poor: Shares,
    peers: Shares,
) -> None:
    # fmt: on
    """Count the ``pupils`` of each school and the part of them who are disadvantaged, and write that among classmates.

    A class is a track (of so many) within a school; who is at no school sees the mean of all.
    """
    count, among = np.zeros((pupils.size, tracks)), np.zeros((pupils.size, tracks))
    for row in rows:
        if school[row] >= 0:
            count[school[row], track[row]] += 1
            among[school[row], track[row]] += disadvantaged[row]
    everybody, all_poor = 0.0, 0.0
    for k in range(pupils.size):
        number, together = 0.0, 0.0
        for where in range(tracks):
            number += count[k, where]
            together += among[k, where]
        pupils[k] = np.int32(number)
        poor[k] = np.float32(together / max(number, 1.0))
        everybody += number
        all_poor += together
    mean = all_poor / everybody if everybody > 0 else 0.0
    for row in rows:
        k, where = school[row], track[row]
        peers[row] = np.float32(among[k, where] / max(count[k, where], 1.0) if k >= 0 else mean)


# fmt: off
@compiled
def reported(
    rows: Rows, children: Months, head: Rows, stress: Shares, nuisance: Shares, problem_debt: Bools, moved_in: Months,
    lately: float, weights: tuple[float, float, float, float], calm: Shares, role: Codes, household: Rows,
    education: Codes, fifth: Codes, low_parents: int, parents: Codes, disadvantaged: Bools, school: Rows, track: Codes,
    tracks: int, pupils: Rows, poor: Shares, peers: Shares,
) -> None:
    # fmt: on
    """Do :func:`calmed` of homes, :func:`standing` of pupils and :func:`composed` of schools."""
    calmed(children, head, stress, nuisance, problem_debt, moved_in, lately, weights, calm)
    standing(rows, role, household, head, education, fifth, low_parents, parents, disadvantaged)
    composed(rows, school, disadvantaged, track, tracks, pupils, poor, peers)


# fmt: off
@compiled
def learnt(
    rows: Rows, ability: Shares, parents: Codes, luck: Shares, innate: Innate, household: Rows, calm: Shares,
    of_calm: Moments, peers: Shares, of_peers: float, school: Rows, shortage: Shares, usual_shortage: float,
    extra_hours: Shares, weights: tuple[float, float, float, float], ten_points: float, full_hours: float,
    fraction: float, stress: Shares, of_stress: Moments, absence: tuple[float, float], usual: float,
    achievement: Shares, level: Floats,
) -> None:
    # fmt: on
    """Move achievement by a ``fraction`` of the way to what :func:`aims` and :func:`surroundings` say.

    ``level`` is filled as :func:`attending` does, with ``absence`` as its weights.
    """
    z = np.empty(rows.size)
    aims(rows, ability, parents, luck, innate, z)
    surroundings(
        rows, household, calm, of_calm, peers, of_peers, school, shortage, usual_shortage, extra_hours, weights,
        ten_points, full_hours, z,
    )  # fmt: skip
    for i in range(rows.size):
        now = np.float64(achievement[rows[i]])
        achievement[rows[i]] = np.float32(now + (z[i] - now) * fraction)
    attending(rows, stress, of_stress, household, calm, of_calm, absence, usual, level)


@inlined
def _classed(
    rows: Rows,
    age: Months,
    activity: Codes,
    education: Codes,
    achievement: Shares,
    advised: Codes,
    length: Floats,
    start_age: int,
    years_primary: int,
    entry_limit: float,
    start_class_most: float,
    advice: Codes,
    track: Codes,
    class_year: Codes,
) -> None:
    """Track and class of those who are new in education, by age; ``advised`` is the advice for each of ``rows``.

    Those past the classes of their track are in what comes next; students are where their level says. ``length`` are
    the classes of each track.
    """
    for i in range(rows.size):
        row = rows[i]
        year = int(age[row]) - start_age
        if year < years_primary:
            track[row], class_year[row] = PRIMARY, max(year, 0)
            continue
        year -= years_primary
        where = advised[i]
        advice[row] = where
        over = year - length[where]
        student = activity[row] == _STUDENT
        if over >= 0 or student:
            qualified = education[row] >= _MIDDLE or (not student and where >= HAVO)
            weak = where == BASIC and achievement[row] < np.float32(entry_limit)
            following = HIGHER if qualified else VOCATIONAL
            if weak and over < 1 and education[row] < _MIDDLE:
                following = ENTRY
            track[row] = following
            class_year[row] = np.int8(min(max(over, 0.0), start_class_most))
        else:
            track[row] = where
            class_year[row] = year


# fmt: off
@inlined
def _earlier_moves(
    rows: Rows, household: Rows, moved_in: Months, birth_month: Months, moves: Floats, luck: Floats, most: int,
    frequent: float, home_moves: Codes, frequent_mover: Bools,
) -> None:
    # fmt: on
    """Give each of ``rows`` a Poisson number of moves before the last, by inversion of its first terms.

    ``moves`` are the mean and the chance of no move of so many months before the last move, ``most`` is the number of
    terms; who was born after the last move has none at all.
    """
    for i in range(rows.size):
        home = household[rows[i]]
        since = int(moved_in[home]) if home >= 0 else 0
        months = max(since - int(birth_month[rows[i]]), 0)
        count = 0
        if months > 0:
            mean, term = moves[0, months], moves[1, months]
            count, below = 1, term
            for k in range(1, most + 1):
                count += luck[i] > below
                term = term * mean / k
                below += term
        home_moves[rows[i]] = count
        frequent_mover[rows[i]] = count >= frequent


# fmt: off
@compiled
def begun(
    rows: Rows, luck: Floats, moved: Floats, innate: Innate, low_parents: int, moves: Floats, most: int,
    frequent: float, bias: tuple[float, float], cuts: Floats, length: Floats, start_age: int, years_primary: int,
    limits: tuple[float, float], role: Codes, household: Rows, head: Rows, education: Codes, fifth: Codes,
    moved_in: Months, birth_month: Months, ability: Shares, age: Months, activity: Codes, school_luck: Shares,
    parents: Codes, disadvantaged: Bools, peers: Shares, home_moves: Codes, frequent_mover: Bools, achievement: Shares,
    advice: Codes, track: Codes, class_year: Codes,
) -> None:
    # fmt: on
    """First of what is known of those who are new in education: luck, parents, standing, and no classmates.

    Then what follows: achievement, moves so far, and track and class by age and advice.

    Parameters
    ----------
    luck, moved
        Draws for luck at school and for moves so far.
    innate, ability
        As :func:`aims` takes them.
    moves, most, frequent
        As ``_earlier_moves`` takes them.
    fifth, bias, cuts
        As :func:`advise` takes them.
    age, activity, education, length, start_age, years_primary
        As ``_classed`` takes them, with its ``limits`` of achievement and of classes.
    """
    for i in range(rows.size):
        school_luck[rows[i]] = np.float32(luck[i])
        peers[rows[i]] = np.float32(0)
    standing(rows, role, household, head, education, fifth, low_parents, parents, disadvantaged)
    z = np.empty(rows.size)
    aims(rows, ability, parents, school_luck, innate, z)
    for i in range(rows.size):
        achievement[rows[i]] = np.float32(z[i])
    _earlier_moves(
        rows, household, moved_in, birth_month, moves, moved, most, frequent, home_moves, frequent_mover
    )
    advised = np.empty(rows.size, np.int8)
    advise(rows, household, fifth, achievement, bias[0], bias[1], np.empty(0), cuts, advised)
    _classed(
        rows, age, activity, education, achievement, advised, length, start_age, years_primary, limits[0], limits[1],
        advice, track, class_year,
    )  # fmt: skip
