"""Stands in for the pipeline's Python: answers, prints bars, and hears Ctrl-C or not.

Arguments: what to do.
"""

import signal
import sys
import time

BAR = "\rrender 1/1 cube                      {}/3   ███ 00:00 so far, 00:00 left"


def main() -> None:
    """Do what is asked."""
    task = sys.argv[1]
    if task == "deaf":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for done in range(3):
        sys.stderr.write(BAR.format(done))
        sys.stderr.flush()
    sys.stderr.write("\n")
    if task == "finish":
        sys.stderr.write(f"dataset: {sys.argv[2]}\n")
    elif task == "fail":
        sys.stderr.write("error: a.blend: no such file\n")
        sys.exit(30)
    else:
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            sys.stderr.write("interrupted\n")
            sys.exit(130)


if __name__ == "__main__":
    main()
