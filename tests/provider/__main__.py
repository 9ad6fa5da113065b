"""The provider double by hand, or as a process of its own in benchmarks.

`python -m tests.provider` listens, prints its address, and answers whatever it is asked in the wire formats of OpenAI
chat completions, Anthropic messages and Gemini generateContent, with answers made from the schema of each request.
Point a judge's `api_base` at it. Its books of tokens and dollars are at GET /books, and are printed as JSON when it
ends (Ctrl-C or SIGTERM).
"""

import argparse
import json
import signal
import sys
import threading
from typing import Final

from tests.provider.books import Books, Rate
from tests.provider.faults import FAULTS, fault_mix
from tests.provider.rate import RateLimit
from tests.provider.server import Provider

_EPILOG: Final = f"""\
examples:
  python -m tests.provider --latency 0.5:1.5                    replies after 0.5 to 1.5 s, evenly spread
  python -m tests.provider --rate 60 --burst 10                 60 requests/s for each key, then 429 with retry-after
  python -m tests.provider --faults 0.3 --seed 7                three of ten replies faulty, the same ones every time
  python -m tests.provider --faults 0.3 --kinds "429,529"       only faults of these kinds
  python -m tests.provider --price gpt-5.1=1.25:10:0.125        dollars per million tokens: input:output:cached input

kinds of faults:
  {", ".join(FAULTS)}

books:
  `delivered` is usage that went out in complete replies, also of truncated, refused or malformed answers.
  `undelivered` is what was billed for replies that did not arrive: dropped, cut short, garbled, not waited for.
"""


def main() -> None:
    """Serve until told to end, then print the books."""
    options = _parser().parse_args()
    provider = Provider(port=options.port, latency_s=_latency(options.latency))
    provider.remembers = False
    provider.books = Books(dict(map(_price, options.price)))
    if options.rate is not None:
        provider.rate_limit = RateLimit(options.rate, options.burst)
    if options.faults:
        provider.script = fault_mix(options.faults, options.seed, kinds=options.kinds.split(","))
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with provider:
        _say(f"address: {provider.address}")
        _say(f"model: openai/<any>      api_base: {provider.openai_base}")
        _say(f"model: anthropic/<any>   api_base: {provider.anthropic_base}")
        _say(f"model: gemini/<any>      api_base: {provider.gemini_base}")
        # A signal's handler runs between two waits.
        while not ended.wait(0.2):
            pass
    _say(json.dumps(provider.books.as_json(), indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.provider",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--port", type=int, default=8765, help="0 for any free port (default: 8765)")
    add("--latency", default="0.2", metavar="S or MIN:MAX", help="seconds each reply takes (default: 0.2)")
    add("--rate", type=float, metavar="N", help="requests per second that each API key may make (default: no limit)")
    add("--burst", type=int, default=10, metavar="N", help="requests at once after a pause, with --rate (default: 10)")
    add("--faults", type=float, default=0.0, metavar="SHARE", help="share of faulty replies, 0 to 1 (default: 0)")
    add("--kinds", default=",".join(FAULTS), help="kinds of faults, with commas between them (default: all)")
    add("--seed", type=int, default=0, help="which replies are faulty (default: 0)")
    add("--price", action="append", default=[], metavar="MODEL=IN:OUT:CACHED",
        help="may be given for several models; all others cost 2:10:0.5")  # fmt: skip
    return parser


def _latency(text: str) -> float | tuple[float, float]:
    low, colon, high = text.partition(":")
    return (float(low), float(high)) if colon else float(low)


def _price(text: str) -> tuple[str, Rate]:
    model, _, numbers = text.rpartition("=")
    return model, Rate(*map(float, numbers.split(":")))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
