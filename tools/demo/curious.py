#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A script with a job, and with fingers in other pies: curious.py DATA REPORT VICTIM PORT.

Counts the words of DATA into REPORT. Then tries what no word counter needs, as a
hijacked dependency would, and says on one line of JSON each how that went.
"""
import collections
import json
import os
import signal
import socket
import sys

data, report, victim, port = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


def attempt(name, action):
    try:
        action()
        print(json.dumps([name, True, ""]), flush=True)
    except OSError as error:
        print(json.dumps([name, False, "%s: %s" % (type(error).__name__, error)]), flush=True)


def job():
    words = collections.Counter(open(data).read().split())
    with open(report, "w") as out:
        for word, count in sorted(words.items()):
            print(word, count, file=out)
    os.chmod(report, 0o640)


def steal():
    with open(os.path.expanduser("~/.ssh/id_demo")) as key:
        key.read()


attempt("job", job)
attempt("steal", steal)
attempt("chmod", lambda: os.chmod(os.path.expanduser("~/.ssh"), 0o755))
attempt("plant", lambda: open(os.path.expanduser("~/.profile"), "a").close())
attempt("kill", lambda: os.kill(victim, signal.SIGTERM))
attempt("network", lambda: socket.create_connection(("127.0.0.1", port)).close())
