"""Runs the test modules that it is given, several tests at a time, and ends with a summary that ./check adds up."""

import multiprocessing
import os
import sys
import time
import unittest


class Outcome(unittest.TestResult):
    """The whole story of each test that failed."""

    def __init__(self):
        super().__init__()
        self.stories = []

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.stories.append(self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.stories.append(self.errors[-1][1])


def names(suite):
    """Each test by its name."""
    for one in suite:
        if isinstance(one, unittest.TestSuite):
            yield from names(one)
        else:
            yield one.id()


def run(name):
    outcome = Outcome()
    unittest.defaultTestLoader.loadTestsFromName(name).run(outcome)
    if outcome.testsRun != 1 and not outcome.stories:
        outcome.stories.append("it did not run\n")
    return name, "".join(outcome.stories)


def main():
    started = time.monotonic()
    found = list(names(unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:])))
    # A key that is attached there is only once; of those on sockets each test has its own.
    at_once = 1 if os.environ.get("KEYFOB_DEVICE") else 2 * multiprocessing.cpu_count()
    failed = 0
    with multiprocessing.Pool(at_once) as pool:
        for name, story in pool.imap_unordered(run, found):
            failed += bool(story)
            print(f"FAILED  {name}\n{story}" if story else f"ok      {name}", flush=True)
    print(f"# tests {len(found)}")
    print(f"# pass {len(found) - failed}")
    print(f"# fail {failed}")
    print(f"# seconds {time.monotonic() - started:.1f}")
    sys.exit(1 if failed or not found else 0)


if __name__ == "__main__":
    main()
