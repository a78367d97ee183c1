#!/usr/bin/env python3
"""Foreign oracle of the petition clocks: every rule P-01 to P-14, reckoned here on its own, against `shared/statute`.

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install chinesecalendar
    cargo build -p fengqiao-statute --example clocks
    /tmp/oracle/bin/python tests/clients/clock_oracle.py [--clocks PATH] [--draws 20000] [--seed N]

The lengths below are written down from the articles, not read from the program's data; days are counted one by one; holidays come
from PyPI chinesecalendar. Half of the draws start so that the end lies about a year's end, Spring Festival or National Day. Years whose
notice the program does not have (before 2007, after 2026) go by the weekend and are provisional. Exit 1 on any difference.
"""

import argparse
import collections
import functools
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

ROOT = Path(__file__).resolve().parents[2]
DAY = timedelta(days=1)
FIRST, LAST = 2007, 2026  # years whose notices the program ships
OLD, NEW = date(2005, 5, 1), date(2022, 5, 1)  # regulations of 2005; XF

# rule: [(first day, last day, version, length, unit)]
BOTH = lambda n: [(OLD, NEW - DAY, "1", n, "D"), (NEW, date.max, "2", n, "D")]
ONLY_NEW = lambda n, unit: [(NEW, date.max, "1", n, unit)]
RULES = {
    "P-01": BOTH(15), "P-02": BOTH(15), "P-03": BOTH(15),          # XF 22, 23
    "P-04": ONLY_NEW(5, "W"),                                      # XF 23
    "P-05": ONLY_NEW(None, None),                                  # XF 22(3): set by the assigner
    "P-06": BOTH(60),                                              # XF 34
    "P-07": BOTH(30), "P-08": BOTH(30), "P-09": BOTH(30), "P-10": BOTH(30),  # XF 35, 36
    "P-11": [(date(2015, 1, 1), date.max, "1", 3, "W")],           # SD15 43, 44
    "P-12a": ONLY_NEW(5, "D"), "P-12b": ONLY_NEW(3, "D"), "P-12c": ONLY_NEW(3, "D"), "P-12d": ONLY_NEW(4, "D"),  # SAT 6
    "P-13": ONLY_NEW(30, "D"), "P-14": ONLY_NEW(None, None),
}


@functools.cache
def announced(day):
    """Whether the notices name all there is to name of this day."""
    return FIRST <= day.year <= LAST and not (day.month == 12 and day.day >= 25 and day.year + 1 > LAST)


@functools.cache
def working(day):
    known = FIRST <= day.year <= LAST or (day.year == FIRST - 1 and day.month == 12)
    return chinese_calendar.is_workday(day) if known else day.weekday() < 5


def count(start, amount, counts):
    """The amount-th day after start that counts."""
    day = start
    while amount:
        day += DAY
        amount -= counts(day)
    return day


def roll(day, barred=frozenset()):
    while not working(day) or day in barred:
        day += DAY
    return day


def answer(rule, start, extensions, hearings, given):
    found = [row for row in RULES[rule] if row[0] <= start <= row[1]]
    if not found:
        return "none"
    (_, _, version, amount, unit), = found
    if given:
        kpi, barred, asked_from = given, frozenset(), given
    elif amount is None:
        return "none"
    else:
        if extensions and (rule != "P-06" or sum(extensions) > 30 or 0 in extensions):
            return "refused"  # XF 34: at most thirty days in all; no other petition clock has an extension
        if hearings and rule != "P-10":
            return "refused"  # XF 36 names the re-review alone: no analogy
        days = (first + n * DAY for first, last in hearings for n in range((last - first).days + 1))
        barred = frozenset(days)
        length = amount + sum(extensions)
        counts = (lambda day: working(day) and day not in barred) if unit == "W" else (lambda day: day not in barred)
        kpi = count(start, length, counts)
        asked_from = start + DAY if unit == "W" else kpi
    legal = roll(kpi, barred)
    asked = (asked_from + n * DAY for n in range((legal - asked_from).days + 1))
    provisional = not all(announced(day) for day in asked)
    return f"{version} {kpi} {legal} {str(provisional).lower()}"


def draw(dice):
    rule = dice.choice(list(RULES))
    start = OLD - 60 * DAY + dice.randrange(365 * 23) * DAY
    if dice.random() < 0.5:  # so that its end lies where holidays are
        end = dice.choice([date(start.year, 1, 1), date(start.year, 2, 8), date(start.year, 10, 4), date(start.year, 12, 31)])
        amount = next((row[3] for row in RULES[rule] if row[3]), 30)
        start = end - (amount + dice.randint(-5, 40)) * DAY
    extensions, hearings, given = [], [], None
    if rule == "P-05" and dice.random() < 0.9:
        given = start + dice.randint(1, 120) * DAY
    elif rule == "P-06" and dice.random() < 0.7 or dice.random() < 0.02:
        extensions = [dice.randint(1, 16) for _ in range(dice.randint(1, 3))]
    elif rule == "P-10" and dice.random() < 0.8 or dice.random() < 0.02:
        for _ in range(dice.randint(1, 4)):  # overlapping, touching, before the start, after the end
            first = start + dice.randint(-10, 45) * DAY
            hearings.append((first, first + dice.randint(0, 12) * DAY))
    return rule, start, extensions, hearings, given


def line(rule, start, extensions, hearings, given):
    words = [rule, str(start)] + [f"+{days}" for days in extensions] + [f"{first}/{last}" for first, last in hearings]
    return " ".join(words + ([f"={given}"] if given else []))


def built():
    for profile in ("release", "debug"):
        path = ROOT / "target" / profile / "examples" / "clocks"
        if path.exists():
            return str(path)
    sys.exit("build it first: cargo build -p fengqiao-statute --example clocks")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--clocks", help="the example's binary (default: the one in target/)")
    options.add_argument("--draws", type=int, default=20000)
    options.add_argument("--seed", type=int)
    options = options.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    dice = random.Random(seed)
    draws = [draw(dice) for _ in range(options.draws)]
    lines = [line(*one) for one in draws]
    done = subprocess.run([options.clocks or built()], input="\n".join(lines) + "\n", capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the example failed: {done.stderr.strip()}")
    answers = done.stdout.splitlines()
    if len(answers) != len(lines):
        sys.exit(f"{len(answers)} answers to {len(lines)} lines")
    wrong, counts = 0, collections.Counter()
    for one, asked, there in zip(draws, lines, answers):
        here = answer(*one)
        kind = here.split()[0] if here in ("none", "refused") else "reckoned"
        counts[kind] += 1
        counts[one[0]] += kind == "reckoned"
        if kind == "reckoned":
            version, kpi, legal, provisional = here.split()
            counts["rolled"] += kpi != legal
            counts["year ends"] += legal[:4] != str(one[1])[:4]
            counts["provisional"] += provisional == "true"
            counts["extended"] += bool(one[2])
            counts["with hearings"] += bool(one[3])
            counts["old version"] += version == "1" and one[0] in ("P-01", "P-02", "P-03", "P-06", "P-07", "P-08", "P-09", "P-10")
        if here != there:
            wrong += 1
            if wrong <= 20:
                print(f"DIFFERENT {asked}: here {here}, statute says {there}")
    told = ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))
    print(f"seed {seed}; {told}")
    print(f"clocks {len(draws)}, different {wrong}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
