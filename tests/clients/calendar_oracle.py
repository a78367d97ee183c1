#!/usr/bin/env python3
"""Foreign oracle of the statutory calendar: due days by PyPI chinesecalendar against `shared/statute`.

    python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install chinesecalendar
    cargo build --release -p fengqiao-statute --example due
    /tmp/oracle/bin/python tests/clients/calendar_oracle.py [--due PATH] [--pairs 20000] [--seed N]

Draws random (day, clock) pairs whose whole span lies in the years that chinesecalendar and the shipped calendar both cover,
reckons each due day here, from the calendar rules of the Civil Code (201-203) and chinesecalendar's is_workday alone, and
compares with what the example prints. Also compares every single day. Exit 1 on any difference.
"""

import argparse
import calendar
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
# The shipped calendar holds the notices for these years; what chinesecalendar knows of them is asked below.
FIRST, LAST = 2007, 2026


@functools.cache
def working(day):
    return chinese_calendar.is_workday(day)


def months_later(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def unrolled(start, amount, unit):
    """The last day of the clock, its start day not counted."""
    if unit == "D":
        return start + amount * DAY
    if unit == "M":
        return months_later(start, amount)
    if unit == "Y":
        return months_later(start, 12 * amount)
    day = start
    while amount:
        day += DAY
        amount -= working(day)
    return day


def rolled(day):
    while not working(day):
        day += DAY
    return day


def draw(dice, last):
    """One clock that ends inside the covered years, half of them of a length that the law knows."""
    start = date(FIRST, 1, 1)
    while True:
        day = start + dice.randrange((last - start).days + 1) * DAY
        unit = dice.choice("DDWWWMY")
        known = {"D": [3, 5, 7, 10, 15, 30, 45, 60, 90], "W": [2, 3, 5, 7, 10, 15, 20, 30, 45, 60], "M": [1, 6], "Y": [1, 3]}
        most = {"D": 400, "W": 260, "M": 30, "Y": 5}
        amount = dice.choice(known[unit]) if dice.random() < 0.5 else dice.randint(1, most[unit])
        try:
            kpi = unrolled(day, amount, unit)
            legal = rolled(kpi)
        except NotImplementedError:  # a year that chinesecalendar does not know
            continue
        if legal <= last:
            return day, amount, unit, kpi, legal


def ask(due, lines):
    done = subprocess.run([due], input="".join(line + "\n" for line in lines), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{due} failed: {done.stderr.strip()}")
    answers = done.stdout.splitlines()
    if len(answers) != len(lines):
        sys.exit(f"{due} gave {len(answers)} answers to {len(lines)} lines")
    return answers


def built():
    for profile in ("release", "debug"):
        path = ROOT / "target" / profile / "examples" / "due"
        if path.exists():
            return str(path)
    sys.exit("build it first: cargo build --release -p fengqiao-statute --example due")


def covered():
    """The last day of the shipped years that chinesecalendar knows, and that rolls no further."""
    last = date(LAST, 12, 31)
    while True:
        try:
            while not working(last):
                last -= DAY
            return last
        except NotImplementedError:
            last = date(last.year - 1, 12, 31)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--due", help="the example's binary (default: the one in target/)")
    options.add_argument("--pairs", type=int, default=20000)
    options.add_argument("--seed", type=int)
    options = options.parse_args()
    due = options.due or built()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    dice = random.Random(seed)

    last = covered()
    print(f"seed {seed}, {options.pairs} pairs, {FIRST}-01-01 to {last}, {due}")

    # Every day on its own: the first working day on or after it, seen as the legal due of one calendar day.
    days = [date(FIRST, 1, 1) + n * DAY for n in range((last - date(FIRST, 1, 1)).days + 1)]
    answers = ask(due, [f"{day - DAY} 1D" for day in days])
    wrong_days = [(day, rolled(day), answer) for day, answer in zip(days, answers) if answer != f"{day} {rolled(day)}"]
    for day, here, answer in wrong_days[:20]:
        print(f"DIFFERENT day {day}: here rolled to {here}, statute says {answer}")

    pairs = [draw(dice, last) for _ in range(options.pairs)]
    answers = ask(due, [f"{day} {amount}{unit}" for day, amount, unit, _, _ in pairs])
    wrong = 0
    counts = collections.Counter(unit for _, _, unit, _, _ in pairs)
    moved = sum(kpi != legal for _, _, _, kpi, legal in pairs)
    for (day, amount, unit, kpi, legal), answer in zip(pairs, answers):
        if answer != f"{kpi} {legal}":
            wrong += 1
            if wrong <= 20:
                print(f"DIFFERENT {day} {amount}{unit}: here {kpi} {legal}, statute says {answer}")
    units = ", ".join(f"{counts[unit]} {unit}" for unit in "DWMY")
    print(f"days {len(days)}, different {len(wrong_days)}; pairs {len(pairs)} ({units}; {moved} rolled), different {wrong}")
    sys.exit(1 if wrong or wrong_days else 0)


if __name__ == "__main__":
    main()
