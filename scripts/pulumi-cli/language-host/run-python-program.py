"""Runs a program for the stand-in host pulumi-language-python, on the Pulumi SDK that the program itself has installed.

Exit code 32 says that the error has been shown to the user.
"""

import argparse
import asyncio
import logging
import os
import runpy
import sys
import traceback

ALREADY_REPORTED = 32

parser = argparse.ArgumentParser()
for option in ("--monitor", "--engine", "--organization", "--root-directory", "--project", "--stack"):
    parser.add_argument(option)
parser.add_argument("--dry-run", action="store_true")
parser.add_argument("--parallel", type=int)
parser.add_argument("program")
parser.add_argument("args", nargs=argparse.REMAINDER)
given = parser.parse_args()

try:
    import pulumi
    import pulumi.runtime
except ImportError as error:
    sys.exit(f"The Pulumi SDK is not installed for {sys.executable}: {error}. Have you run pulumi install?")

pulumi.runtime.set_all_config(pulumi.runtime.get_config_env(), pulumi.runtime.get_config_secret_keys_env())
pulumi.runtime.configure(
    pulumi.runtime.Settings(
        monitor=given.monitor,
        engine=given.engine,
        project=given.project,
        stack=given.stack,
        parallel=given.parallel,
        dry_run=given.dry_run,
        organization=given.organization,
        root_directory=given.root_directory,
    )
)
sys.argv = [given.program, *given.args]
# A program imports the modules beside it, whether it is a folder or a file.
sys.path[0] = given.program if os.path.isdir(given.program) else os.path.dirname(given.program)

# The SDK awaits many things that a failed program never finishes, and asyncio would complain of each.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)


def own_frames(error: BaseException) -> str:
    """The error with the frames of the program, without those of this file and of what runs it."""
    frames = traceback.extract_tb(error.__traceback__)
    first = next((i for i, frame in enumerate(frames) if frame.filename.startswith(sys.path[0])), 0)
    lines = traceback.format_list(frames[first:]) + traceback.format_exception_only(type(error), error)
    return "".join(lines).rstrip()


def program() -> None:
    runpy.run_path(given.program, run_name="__main__")


code = 0
try:
    loop.run_until_complete(pulumi.runtime.run_in_stack(program))
except pulumi.RunError as error:
    pulumi.log.error(str(error))
    code = ALREADY_REPORTED
except Exception as error:  # noqa: BLE001 whatever the program raises
    pulumi.log.error(f"Program failed with an unhandled exception:\n{own_frames(error)}")
    code = ALREADY_REPORTED
sys.stdout.flush()
sys.stderr.flush()
sys.exit(code)
