"""Does the gate stay quiet under noise? ``python -m evals.bench.noise [--rounds 6] [--pairs 200]``.

The suite ``answer`` runs several times under a scripted model that forgets to cite now and then. From these rounds
pairs of runs are drawn: for each case and each side as many repeats as ``--repeats`` says, none used twice in a pair.
Both sides are the same system, so *regressed* is a false alarm.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bot.settings import load_settings
from evals.bench.degradations import SOUND, compared
from evals.bench.scripted import ScriptedChat
from evals.journal import Journal
from evals.log import CaseResult, SuiteRun
from evals.run import Choice, averaged, run_suite
from evals.suite import Suite, load_suite
from evals.task import System

SEED = 20_240_601


def main(arguments: Sequence[str]) -> int:
    """Print how many pairs passed, how many alarmed; 1 where more than 5 % alarmed or fewer than 80 % passed."""
    options = _options(arguments)
    suite = load_suite("answer")
    rounds = [_round(suite, options.slips, seed) for seed in range(options.rounds)]
    verdicts = simulate(suite, rounds, options.pairs, options.repeats)
    passed, alarmed = verdicts[0] / options.pairs, verdicts[1] / options.pairs
    print(f"slips {options.slips}, {options.repeats} repeats, {options.pairs} pairs: ", end="")
    print(f"pass {passed:.3f}, regressed {alarmed:.3f}, insufficient data {verdicts[3] / options.pairs:.3f}")
    return 0 if passed >= 0.8 and alarmed <= 0.05 else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--slips", type=float, default=0.1)
    return parser.parse_args(arguments)


def _round(suite: Suite, slips: float, seed: int) -> SuiteRun:
    """One run of the suite, with the sums of the gated metrics alone."""
    system = System(load_settings(), {"answer": SOUND}, ScriptedChat(slips, seed))
    done = run_suite(suite, system, lambda _: None, Choice(keep=False), Journal(None))
    return replace(done, cases=tuple(_slim(suite, case) for case in done.cases))


def _slim(suite: Suite, case: CaseResult) -> CaseResult:
    ratios = {name: ratio for name, ratio in case.ratios.items() if name in suite.gate}
    return replace(case, ratios=ratios, scores=(), detail={}, output=None)


def simulate(suite: Suite, rounds: Sequence[SuiteRun], pairs: int, repeats: int) -> Counter[int]:
    """Exit codes of so many pairs, each side the average of its repeats."""
    rng = np.random.default_rng(SEED)
    found: Counter[int] = Counter()
    for _ in range(pairs):
        order = [rng.permutation(len(rounds)).tolist() for _ in rounds[0].cases]
        sides = [_side(rounds, order, range(start, start + repeats)) for start in (0, repeats)]
        code, _ = compared(suite.suite, *sides)
        found[code] += 1
    return found


def _side(rounds: Sequence[SuiteRun], order: Sequence[Sequence[int]], places: range) -> SuiteRun:
    picked = [[rounds[chosen[place]].cases[n] for n, chosen in enumerate(order)] for place in places]
    return replace(rounds[0], cases=tuple(averaged(picked)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
