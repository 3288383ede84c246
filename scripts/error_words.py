"""What every code of trouble means, for ``docs/errors.md``.

The product says it better: it knows what happened, to which file, and with what credits. This is
for who meets a code in a log or a report. A code with a class of errors has its hint from there.
"""

from collections.abc import Iterator
from typing import Final

from addon.cli.exits import BY_CODE, MEANINGS, ExitStatus
from addon.jobs import schema  # noqa: F401  it declares errors too
from addon.service.errors import ServiceError

WHAT_HAPPENED: Final = {
    "already_sent": "What was to be taken back has been sent already.",
    "answer_lost": "An order was sent, and its answer never came.",
    "api_key_expired": "The API key is no longer valid.",
    "api_key_revoked": "The API key was revoked.",
    "bad_address": "The service address is none that a key may be sent to.",
    "bad_archive": "A ZIP of the service is damaged, or not safe to unpack.",
    "bad_key": "What was given as API key cannot be one.",
    "download_failed": "A result could not be fetched.",
    "error": "Something else went wrong; the message says what.",
    "export_failed": "Blender could not write the model that was to be sent.",
    "file_in_use": "Another program has a file of the batch open.",
    "file_not_found": "A file that is named is not there.",
    "files_busy": "Another program is at work on the files of this result.",
    "files_changed": "Files of a result are gone or damaged.",
    "folder_busy": "Another batch runs in this folder.",
    "folder_unusable": "A folder cannot be written to.",
    "forbidden": "The service denies access.",
    "given_up": "The order was given up, here or in Blender.",
    "input_unreadable": "A picture or a model cannot be read, or cannot be sent.",
    "insufficient_credits": "The balance is below the price.",
    "interrupted": "The command was ended.",
    "invalid_api_key": "The service does not know the API key.",
    "key_refused": "The service does not accept the API key.",
    "library_missing": "A library that the command line needs is not installed.",
    "link_expired": "The signed link of a result is no longer accepted.",
    "links_missing": "The service gives out no links to the result at the moment.",
    "list_unreadable": "The list of a batch cannot be read.",
    "network_trouble": "There is no connection, or it broke.",
    "no_blender": "There is no Blender to do the work.",
    "no_home": "The system does not say where your home folder is.",
    "no_key": "No API key was found.",
    "no_model": "A step has no model to work on.",
    "no_such_asset": "The batch has no such asset.",
    "no_such_job": "The job list has no such job.",
    "not_confirmed": "The order needs a yes, and there was none.",
    "not_finished": "The task is not finished, so there is nothing to download yet.",
    "not_found": "The service does not know the task, or no longer.",
    "not_open": "There is nothing to settle or to go on with.",
    "not_printable": "The model has faults that a slicer would have to guess at.",
    "nothing_fetched": "The batch has nothing fetched to work on.",
    "offline": "This Blender may not use the network.",
    "output_unusable": "The folder for results cannot be used.",
    "over_budget": "What the order has been charged leaves no room for more within its budget.",
    "over_max_credits": "It is expected to cost more than the limit that was set.",
    "prepare_failed": "Blender could not read or prepare the result.",
    "process_failed": "Blender could not do the work on a model.",
    "rate_limited": "There were too many submissions in a minute.",
    "redirected": "The address answers with a redirect.",
    "result_damaged": "The result came twice, and was damaged both times.",
    "result_expired": "The service no longer has the result.",
    "result_missing": "The task is finished, and the service gives out no file.",
    "server_trouble": "The service has trouble of its own.",
    "service_error": "Trouble with the service that has no name of its own.",
    "step_failed": "The step before it has no result.",
    "store_busy": "Another program writes to the job list.",
    "store_unusable": "The job list cannot be opened or written to.",
    "system_trouble": "The operating system refused something.",
    "task_failed": "The service could not do it.",
    "timed_out": "It was waited for as long as was said.",
    "unexpected_answer": "The service's answer is not in its contract.",
    "unforeseen": "Something went wrong that nobody foresaw.",
    "unknown_operation": "This version does not know the operation.",
    "upload_too_large": "The file is larger than the service takes.",
    "usage": "The command line is not one.",
    "validation_failed": "Settings are missing, wrong, or do not go together.",
}
WHAT_TO_DO: Final = {
    "already_sent": "`resume` fetches its result; `settle` is for one without an answer.",
    "error": "Read the message; report it if it makes no sense.",
    "export_failed": "Look at the object: the message names what Blender stumbled over.",
    "file_in_use": "Close it there, and start again: nothing is paid for twice.",
    "file_not_found": "Correct the path.",
    "files_busy": "Nothing: it goes on by itself when that has ended.",
    "files_changed": "Nothing: they are fetched again, and not paid for again.",
    "folder_busy": "Wait for it, or take another folder.",
    "folder_unusable": "Choose another folder, or make room.",
    "given_up": "`resume --job` takes it up again.",
    "interrupted": "`resume`, or the same batch again, goes on without paying again.",
    "library_missing": "`make setup`, or what the message says.",
    "links_missing": "Try again later: results are kept for 24 hours.",
    "list_unreadable": "Correct the list; the message names the line.",
    "no_blender": "Install Blender 4.2 or newer, or name it with `--blender`.",
    "no_home": "Set `HOME`, or `STUDIO3D_HOME` to a folder of yours.",
    "no_model": "Choose an engine or a step before it that makes a model.",
    "no_such_asset": "`report.json` has the assets.",
    "no_such_job": "`jobs` lists them.",
    "not_confirmed": "Look at the price, and agree with `--yes`.",
    "not_finished": "Wait, with `status --poll`.",
    "not_open": "Look at `jobs`: the message names the one that was meant.",
    "not_printable": "`print fix` mends most of it; [printing](printing.md) has every finding.",
    "nothing_fetched": "Run `batch fetch` first.",
    "offline": "Switch on *Allow Online Access* in the preferences, or start with `--online-mode`.",
    "output_unusable": "Choose another folder: it has to be writable, and not too deep on Windows.",
    "over_budget": "Nothing, if that is enough; else *Try Again*, or a larger `--budget`.",
    "over_max_credits": "Raise `--max-credits`, or order less.",
    "prepare_failed": "The files are kept: *Try Again*, or import them by hand.",
    "process_failed": "Another model, or another thickness; the message has Blender's words.",
    "result_expired": "Order it again if it is still wanted.",
    "result_missing": "Look again later: results are kept for 24 hours.",
    "step_failed": "Try that step again first; finished steps are kept.",
    "store_busy": "Try again in a moment.",
    "store_unusable": "Make room on the disk, and check the rights of the extension's folder.",
    "system_trouble": "The message has the system's words: often a full disk or missing rights.",
    "task_failed": "Change the input or the settings, and order again.",
    "timed_out": "The task goes on at the service: `resume` fetches it.",
    "unforeseen": "The log in the extension's folder has more: please report it.",
    "unknown_operation": "Use the version it was made with, or look at `operations`.",
    "usage": "The message says what is meant; `--help` has all options.",
}
"""Where no class of errors says it."""


def sections() -> Iterator[str]:
    """A heading and a table for each exit code."""
    classes = {error.code: error for error in reversed(list(errors(ServiceError)))}
    for status in ExitStatus:
        codes = [code for code, its in BY_CODE.items() if its is status]
        if not codes:
            continue
        yield f"\n## Exit code {status.value}: {MEANINGS[status]}\n"
        yield "| Code | What happened | What to do |\n|---|---|---|"
        for code in sorted(codes):
            hint = WHAT_TO_DO.get(code) or classes[code].hint
            yield f"| `{code}` | {WHAT_HAPPENED[code]} | {hint} |"


def errors(of: type[ServiceError]) -> Iterator[type[ServiceError]]:
    """The class and all below it."""
    yield of
    for kind in of.__subclasses__():
        yield from errors(kind)
