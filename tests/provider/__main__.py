"""The provider double by hand: `python -m tests.provider`, then point a judge's `api_base` at it."""

import argparse
import sys
import threading

from tests.provider.server import Provider


def main() -> None:
    """Serve until interrupted, then say how much was asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.provider", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="0 for any free port")
    parser.add_argument("--latency", type=float, default=0.2, help="seconds each reply takes")
    options = parser.parse_args()
    with Provider(port=options.port, latency_s=options.latency) as provider:
        sys.stdout.write(f"model: openai/<any>      api_base: {provider.openai_base}\n")
        sys.stdout.write(f"model: anthropic/<any>   api_base: {provider.anthropic_base}\n")
        sys.stdout.write("Answers are made from the schema of each request. Ctrl-C ends.\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write(f"\n{len(provider.requests)} requests, {provider.answered.total()} answered\n")


if __name__ == "__main__":
    main()
