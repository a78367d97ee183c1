#!/usr/bin/env python3
"""Foreign oracle of identifiers: PyPI python-stdnum against `shared/identifiers`.

    cargo build -p fengqiao-identifiers --example check_numbers
    tests/clients/.venv/bin/python3 tests/clients/identifier_oracle.py [--check PATH] [--numbers 100000] [--seed N]

Makes numbers of each kind, right ones and ones spoilt in every way of SPOILS, and compares the verdict of the example with that of
stdnum.cn.ric (citizen numbers) and stdnum.cn.uscc (credit codes). Organisation codes are not in stdnum: theirs is reckoned here from
the formula of GB 11714. Where stdnum knowingly differs, the difference has a name in DIFFERENCES and its own expectation; each is
counted, must occur, and must hold. Every other difference is printed. Exit 1 on any.
"""

import argparse
import collections
import datetime
import random
import subprocess
import sys
from pathlib import Path

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidComponent, ValidationError

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 3, 2)
FIRST_BIRTH = datetime.date(1850, 1, 1)
DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FULL = {c: chr(ord(c) + 0xFEE0) for c in DIGITS + LETTERS}
LOOKALIKES = {"0": "O", "1": "I", "2": "Z", "5": "S", "8": "B", "B": "8", "D": "0", "U": "V", "X": "K"}
PROVINCES = {int(p) for p in "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()}

DIFFERENCES = {
    "citizen place": "stdnum asks that the division was in use in the year of birth, by a list from Wikipedia (and stumbles with a "
    "KeyError where it knows the province only); here the province must be one, or 9 first as on cards of foreigners: the division is "
    "that of the first registration, often of a code that no list has, and nobody with a card is refused",
    "citizen birth": "stdnum takes any day from year 1 to 9999; here nobody is born after today or before 1850",
    "blanks inside": "stdnum.cn.ric takes blanks at the ends only; here numbers may be written in groups",
    "full-width letters": "stdnum knows full-width digits, here letters (the check character X) too",
    "credit letters": "stdnum asks for digits in the first two characters; GB 32100 has letters there (N: rural collectives, A, Y)",
}


# ---- what is asked ----


def citizen(dice, places):
    """Seventeen digits and stdnum's check character."""
    place, first, last = dice.choice(places)
    birth = first + datetime.timedelta(days=dice.randrange((last - first).days + 1))
    chance = dice.random()
    if chance < 0.04:
        # A code that was not in use then, or never.
        place = dice.choice(places)[0] if chance < 0.02 else str(dice.randrange(100000, 1000000))
    elif chance < 0.06:
        place = dice.choice(["83", "9" + place[1]]) + place[2:]
    if dice.random() < 0.03:
        birth = dice.choice([datetime.date(1849, 12, 31), TODAY + datetime.timedelta(days=dice.randint(1, 9000)), TODAY, FIRST_BIRTH])
    number = f"{place}{birth:%Y%m%d}{dice.randrange(1000):03}"
    return number + ric.calc_check_digit(number + "0")


def credit(dice, places):
    first = dice.choice("1159999999NAY" + CREDIT) if dice.random() < 0.2 else dice.choice("159")
    second = dice.choice(DIGITS + CREDIT) if dice.random() < 0.2 else dice.choice(DIGITS)
    body = first + second + dice.choice(places)[0] + organisation(dice, places)
    return body + uscc.calc_check_digit(body) if all(c in CREDIT for c in body) else credit(dice, places)


def organisation(dice, _places):
    alphabet = DIGITS if dice.random() < 0.6 else DIGITS + LETTERS
    eight = "".join(dice.choice(alphabet) for _ in range(8))
    return eight + organisation_check(eight)


def organisation_check(eight):
    """GB 11714: weights 3 7 9 10 5 8 4 2, modulo 11, letters from 10; 10 is written X and 11 is written 0."""
    rest = 11 - sum(int(c, 36) * w for c, w in zip(eight, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def at(dice, number):
    return dice.randrange(len(number))


def substituted(dice, number, alphabet):
    i = at(dice, number)
    return number[:i] + dice.choice([c for c in alphabet if c != number[i]]) + number[i + 1 :]


def exchanged(dice, number, apart):
    i = dice.randrange(len(number) - apart)
    j = i + apart
    return number[:i] + number[j] + number[i + 1 : j] + number[i] + number[j + 1 :]


def looked_alike(dice, number):
    where = [i for i, c in enumerate(number) if c in LOOKALIKES]
    if not where:
        return number
    i = dice.choice(where)
    return number[:i] + LOOKALIKES[number[i]] + number[i + 1 :]


def wrong_day(dice, number):
    """A citizen number's birth made impossible, its check character mended: only the day is wrong."""
    if len(number) != 18 or not number[:17].isdigit():
        return number
    day = dice.choice(["19000229", "20230229", "19991301", "19990001", "19990100", "19990431", "00000101", "20240229", "20000229"])
    spoilt = number[:6] + day + number[14:17]
    return spoilt + ric.calc_check_digit(spoilt + "0")


def inserted(dice, number, what):
    i = dice.randrange(len(number) + 1)
    return number[:i] + what + number[i:]


def dropped(dice, number):
    i = at(dice, number)
    return number[:i] + number[i + 1 :]


SPOILS = {
    "none": lambda dice, n: n,
    "one digit": lambda dice, n: substituted(dice, n, DIGITS),
    "one letter": lambda dice, n: substituted(dice, n, LETTERS),
    "check character": lambda dice, n: n[:-1] + dice.choice(DIGITS + LETTERS),
    "two characters": lambda dice, n: substituted(dice, substituted(dice, n, DIGITS), DIGITS + LETTERS),
    "neighbours exchanged": lambda dice, n: exchanged(dice, n, 1),
    "over one exchanged": lambda dice, n: exchanged(dice, n, 2),
    "far exchanged": lambda dice, n: exchanged(dice, n, dice.randint(3, len(n) - 1)),
    "one dropped": dropped,
    "one doubled": lambda dice, n: (lambda i: n[:i] + n[i] + n[i:])(at(dice, n)),
    "one inserted": lambda dice, n: inserted(dice, n, dice.choice(DIGITS + LETTERS)),
    "look-alike": looked_alike,
    "lower case": lambda dice, n: n.lower(),
    "full width": lambda dice, n: "".join(FULL[c] for c in n),
    "one full width": lambda dice, n: (lambda i: n[:i] + FULL[n[i]] + n[i + 1 :])(at(dice, n)),
    "blanks around": lambda dice, n: f" {n}  ",
    "blank inside": lambda dice, n: inserted(dice, n, " "),
    "hyphen": lambda dice, n: inserted(dice, n, dice.choice("-–—")),
    "hyphen before the check": lambda dice, n: f"{n[:-1]}-{n[-1]}",
    "sign": lambda dice, n: substituted(dice, n, "+/.*'①²٣ß"),
    "other script": lambda dice, n: substituted(dice, n, "一〇ⅩХα"),
    "wrong day": wrong_day,
    "old form": lambda dice, n: n[:6] + n[8:17],
    "reversed": lambda dice, n: n[::-1],
    "noise": lambda dice, n: "".join(dice.choice(DIGITS + LETTERS) for _ in range(dice.choice([0, 1, 9, 15, 18, 18, 40]))),
    "upper half only": lambda dice, n: n[: len(n) // 2],
}


# ---- what is expected ----


def compact(number):
    """Full-width letters and digits as ASCII, without blanks, in upper case; every hyphen one hyphen."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in number)
    narrow = "".join("-" if c in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212" else c for c in narrow if not c.isspace())
    return "".join(c.upper() if c.isascii() else c for c in narrow)


def foreign(check, number):
    try:
        check(number)
        return True
    except (ValidationError, KeyError):
        return False


def judged_citizen(number):
    """stdnum's verdict, what is expected here, and the names of the differences that explain it."""
    theirs, names, read = foreign(ric.validate, number), [], compact(number)
    if foreign(ric.validate, read) != theirs:
        names.append("blanks inside" if " " in number.strip() else "full-width letters")
    expected = foreign(ric.validate, read)
    try:
        birth = ric.get_birth_date(read)
        fits = len(read) == 18 and read[:17].isascii() and read[:17].isdigit() and read[17] == ric.calc_check_digit(read)
    except (ValidationError, ValueError):
        return theirs, expected, names
    if not fits:
        return theirs, expected, names
    if not expected:
        # All but the place fits: here the province is enough.
        expected = int(read[:2]) in PROVINCES or read[0] == "9"
        if expected:
            names = ["citizen place"] if foreign_place_only(number) else names + ["citizen place"]
    if expected and not FIRST_BIRTH <= birth <= TODAY:
        expected = False
        names.append("citizen birth")
    return theirs, expected, names


def foreign_place_only(number):
    """Whether stdnum refuses the number for its place alone."""
    try:
        ric.validate(number)
    except KeyError:
        return True
    except InvalidComponent:
        return True
    except ValidationError:
        return False
    return False


def judged_credit(number):
    theirs, names, read = foreign(uscc.validate, number), [], compact(number)
    expected = foreign(uscc.validate, read)
    if expected != theirs:
        names.append("full-width letters")
    plain = read.replace("-", "")
    letters = len(plain) == 18 and not plain[:2].isdigit() and all(c in CREDIT for c in plain) and plain[2:8].isdigit()
    if letters and plain[17] == uscc.calc_check_digit(plain[:17]):
        expected = True
        names.append("credit letters")
    return theirs, expected, names


def judged_organisation(number):
    read = compact(number)
    if len(read) == 10 and read[8] == "-":
        read = read[:8] + read[9]
    fits = len(read) == 9 and all(c in DIGITS + LETTERS for c in read)
    expected = fits and read[8] == organisation_check(read[:8])
    return expected, expected, []


KINDS = {"citizen": (citizen, judged_citizen), "credit": (credit, judged_credit), "organisation": (organisation, judged_organisation)}


# ---- the comparison ----


def ask(check, lines):
    text = "".join(line + "\n" for line in lines)
    done = subprocess.run([check, str(TODAY)], input=text, capture_output=True, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(f"{check} failed: {done.stderr.strip()}")
    answers = done.stdout.splitlines()
    if len(answers) != len(lines):
        sys.exit(f"{check} gave {len(answers)} answers to {len(lines)} lines")
    return answers


def built():
    for profile in ("release", "debug"):
        path = ROOT / "target" / profile / "examples" / "check_numbers"
        if path.exists():
            return str(path)
    sys.exit("build it first: cargo build -p fengqiao-identifiers --example check_numbers")


def places():
    """County codes of the register in the project, each with days between which people were born there."""
    lines = (ROOT / "shared/identifiers/data/counties.csv").read_text(encoding="utf-8").splitlines()
    found = []
    for code, _name, first, last, _successors, mark in (f"{line},,,,,".split(",")[:6] for line in lines):
        if len(code) == 6 and code.isdigit() and not mark:
            # Whole years of use only: in the year of a change the lists may differ.
            first, last = int(first or 1981) + 1, int(last or TODAY.year) - 1
            if first <= last:
                found.append((code, datetime.date(first, 1, 1), datetime.date(last, 12, 31)))
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--check", help="the example's binary (default: the one in target/)")
    options.add_argument("--numbers", type=int, default=100000, help="of each kind")
    options.add_argument("--seed", type=int)
    options = options.parse_args()
    check = options.check or built()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    dice = random.Random(seed)
    print(f"seed {seed}, {options.numbers} numbers of each kind, {check}")

    known, wrong, explained, unnoticed = places(), 0, collections.Counter(), collections.Counter()
    for kind, (make, judge) in KINDS.items():
        spoils = [dice.choice(["none", *SPOILS]) for _ in range(options.numbers)]
        right = [make(dice, known) for _ in spoils]
        numbers = [SPOILS[spoil](dice, number) for spoil, number in zip(spoils, right)]
        answers = ask(check, [f"{kind}\t{number}" for number in numbers])
        valid = agreed = 0
        for spoil, before, number, answer in zip(spoils, right, numbers, answers):
            theirs, expected, names = judge(number)
            ours = answer == "ok"
            valid += ours
            agreed += ours == theirs
            if ours != expected or (ours != theirs and not names):
                wrong += 1
                if wrong <= 20:
                    print(f"DIFFERENT {kind} ({spoil}) {number!r}: stdnum {theirs}, expected {expected}, here {answer}")
            if ours != theirs:
                explained.update(f"{kind}: {name}" for name in names)
            slip = spoil not in ("wrong day", "noise", "reversed")
            if slip and ours and judge(before)[1] and compact(before).replace("-", "") != compact(number).replace("-", ""):
                unnoticed[f"{kind}: {spoil}"] += 1
        oracle = "the formula of GB 11714" if kind == "organisation" else "stdnum"
        print(f"{kind}: {len(numbers)} numbers, {valid} right here, {agreed} judged as {oracle} does, {len(numbers) - agreed} explained below")
    for name, count in sorted(explained.items()):
        print(f"  {count:6} {name}: {DIFFERENCES[name.split(': ')[1]]}")
    print("slips that no check character can notice: " + ", ".join(f"{name} {count}" for name, count in sorted(unnoticed.items())))
    missing = [name for name in DIFFERENCES if not any(key.endswith(name) for key in explained)]
    if missing and options.numbers >= 10000:
        wrong += 1
        print(f"differences that never occurred, so that the list is out of date: {', '.join(missing)}")
    print(f"different {wrong}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
