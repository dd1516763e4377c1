"""A PrivateLink path on this machine, whole or broken as you like."""

import argparse
import contextlib
import os
import pathlib
import sys

import door
import faults
import launch
import topology

TOP = pathlib.Path(__file__).resolve().parents[2]

# As automake and Meson have it: this could not be tried here.
SKIPPED = 77

EPILOG = """
what to do at a desk:
  tests/lab/lab up
  tests/lab/lab run linkprobe check cache.lab.test
  tests/lab/lab fault xz_off_az_b_drop
  tests/lab/lab run linkprobe check cache.lab.test
  tests/lab/lab down
"""


class Wrong(Exception):
    """Something that the user can put right."""


def lab_of(arguments):
    """The lab that is meant: the one named, or the only one."""
    if arguments.id:
        return arguments.id
    labs = door.known()
    if len(labs) > 1:
        names = " ".join(labs)
        raise Wrong(f"several labs are up; name one with --id: {names}")
    return labs[0] if labs else "lab"


def answer_of(lab, **request):
    answer, _ = door.ask(lab, **request)
    if "skip" in answer:
        raise launch.Impossible(answer["skip"])
    if "error" in answer:
        raise Wrong(answer["error"])
    return answer


def up(arguments):
    lab = arguments.id or "lab"
    if lab in door.known():
        raise Wrong(f"the lab {lab!r} is up already")
    launch.up(lab, arguments.with_pid)
    print(f"lab {lab!r} is up; next: lab run linkprobe check cache.lab.test")


def down(arguments):
    for lab in door.known() if arguments.all else [lab_of(arguments)]:
        launch.down(lab)
        print(f"lab {lab!r} is down")


def list_labs(_arguments):
    for lab in door.known():
        # one that ends at this moment is none
        with contextlib.suppress(door.NoLab):
            print(lab, answer_of(lab, do="status")["fault"])


def list_faults(arguments):
    for row in faults.ALL:
        if arguments.word in row.name or arguments.word in row.gives:
            verdict = row.gives.split(" ")[0] or "-"
            print(f"{row.name:32} {verdict:28} {row.text}")


def fault(arguments):
    answer_of(lab_of(arguments), do="fault", name=arguments.name)


def status(arguments):
    answer = answer_of(lab_of(arguments), do="status")
    print(f"fault: {answer['fault']}")
    for name, value in answer["facts"].items():
        print(f"{name}: {value}")


def environment(facts):
    """That of the user, with the lab's names and the programs as built."""
    env = {**os.environ, **{k.upper(): v for k, v in facts.items()}}
    built = [str(TOP / "build" / b / "bin") for b in ("release", "dev")]
    env["PATH"] = os.pathsep.join([*built, env.get("PATH", ""), "/usr/sbin"])
    return env


def run(arguments):
    words = arguments.words
    if words[:1] == ["--"]:
        del words[0]
    words = words or [os.environ.get("SHELL", "/bin/sh")]
    lab = lab_of(arguments)
    env = environment(launch.go_into(lab, arguments.space)["facts"])
    if not arguments.words:
        env["PS1"] = f"{lab}:{arguments.space}$ "
    try:
        os.execvpe(words[0], words, env)
    except OSError as error:
        raise Wrong(f"{words[0]}: {error.strerror}") from error


def add_space(parser):
    parser.add_argument(
        "--in",
        dest="space",
        choices=topology.SPACES,
        default=topology.SPACES[0],
        help="where (default: %(default)s)",
    )


def parser():
    made = argparse.ArgumentParser(
        prog="lab",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--id", help="which lab, where there are several")
    commands = made.add_subparsers(metavar="COMMAND", required=True)

    def command(name, function, text):
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("--id", default=argparse.SUPPRESS)
        sub.set_defaults(function=function)
        return sub

    sub = command("up", up, "make a lab, which stays until `lab down`")
    sub.add_argument(
        "--with",
        dest="with_pid",
        metavar="PID",
        type=int,
        help="end when this process ends",
    )
    command("list", list_labs, "the labs that are up, and their faults")
    sub = command("faults", list_faults, "every fault: name, verdict, text")
    sub.add_argument("word", nargs="?", default="")
    sub = command("fault", fault, "break the path; `none` makes it healthy")
    sub.add_argument("name")
    command("status", status, "the fault, and the lab's names and addresses")
    sub = command("run", run, "run a command inside the client")
    add_space(sub)
    sub.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND...")
    sub = command("shell", run, "a shell inside the client")
    add_space(sub)
    sub.set_defaults(words=[])
    sub = command("down", down, "end a lab; nothing of it stays")
    sub.add_argument("--all", action="store_true", help="all of yours")
    return made


def main():
    arguments = parser().parse_args()
    try:
        arguments.function(arguments)
    except launch.Impossible as error:
        print(f"lab: skipped: {error}", file=sys.stderr)
        return SKIPPED
    except (Wrong, door.NoLab, RuntimeError) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    return 0
