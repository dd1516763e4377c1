"""How tests speak with the emulator: a line of JSON there, and one back.

Over a socket that is a file, which is reached from every network namespace.
Each verb is a function here, and its arguments are the line's.
"""

import contextlib
import json
import os
import socket
import threading
import time
import traceback

from moto.moto_api._internal.models import moto_api_backend

from emulator import (
    caches,
    callers,
    census,
    names,
    permissions,
    plane,
    state,
)


_QUIET_S = 0.05


class Control:
    """The verbs."""

    def __init__(self, gate, world, reader, facts):
        self._gate, self._world = gate, world
        self._reader, self._facts = reader, facts

    def hello(self):
        return self._facts

    def reset(self):
        """As if just started; connections and ports stay."""
        with state.LOCK:
            self._gate.reset()
            state.reset()
            self._world.reset()
            moto_api_backend.reset()
            caches.places.clear()
            names.added.clear()
            permissions.linked.clear()

    def settings(self, **changes):
        with state.LOCK:
            for key, value in changes.items():
                if isinstance(state.SETTINGS[key], dict):
                    state.SETTINGS[key].update(value)
                else:
                    state.SETTINGS[key] = value
        state.changed()

    def policy(self, key, documents):
        """The key's policies; None lets it do all."""
        if documents is None:
            state.SETTINGS["policies"].pop(key, None)
        else:
            state.SETTINGS["policies"][key] = documents

    def ask(self, service, account, region, call, arguments):
        """boto3's answer to a call of ours."""
        return self._reader.ask(service, account, region, call, arguments)

    def calls(self):
        log = self._gate.log
        return {
            "rows": log.rows,
            "failures": log.failures,
            "most_at_once": log.most,
        }

    def clear(self):
        self._gate.log.clear()

    def census(self):
        with state.LOCK:
            return census.take()

    def faults(self, rules, seed=1):
        self._gate.faults.set(rules, seed)

    def wait_held(self, timeout_s):
        return self._gate.faults.wait_held(timeout_s)

    def release(self):
        self._gate.faults.release()

    def quiet(self, timeout_s=20):
        """Until no call has been at work for a while: one that was sent by a
        program that is gone may still have to be read."""
        end, since = state.now() + timeout_s, state.now()
        while state.now() < min(end, since + _QUIET_S):
            time.sleep(0.01)
            if self._gate.log.running:
                since = state.now()

    def place(self, nodes):
        """{node: addresses}: where caches' names lead."""
        caches.places.update(nodes)

    def fail_over(self, group, to):
        with state.LOCK:
            caches.fail_over(group, to)

    def into_cluster_mode(self, group):
        with state.LOCK:
            caches.into_cluster_mode(group)

    def names(self, rows):
        """{name: {"a", "ttl", "rcode"}}; None takes the name away."""
        for name, row in rows.items():
            if row is None:
                names.added.pop(name.lower(), None)
            else:
                names.added[name.lower()] = row

    def plan(self):
        with state.LOCK:
            return {"rows": plane.plan(), "targets": plane.registered()}

    def ways(self):
        self._world.look()
        return self._world.ways()

    def reader_key(self, account):
        """A key pair for other programs that only look."""
        return callers.reader_key(account), callers.READER_SECRET

    def answer(self, request):
        verb = getattr(self, request.pop("do"))
        try:
            return {"value": verb(**request)}
        except Exception as error:  # whoever asked must be told
            code = getattr(error, "response", {}).get("Error", {}).get("Code")
            text = str(error) if code else traceback.format_exc()
            return {"error": text, "code": code}

    def _serve_one(self, connection):
        with connection, contextlib.suppress(OSError, ValueError):
            with connection.makefile("rwb") as stream:
                for line in stream:
                    reply = self.answer(json.loads(line))
                    text = json.dumps(reply, default=str)
                    stream.write(text.encode() + b"\n")
                    stream.flush()

    def serve(self, path):
        """Listens when this is back; answers in threads of its own."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(16)
        threading.Thread(
            target=self._accept, args=(listener,), daemon=True
        ).start()

    def _accept(self, listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(
                target=self._serve_one, args=(connection,), daemon=True
            ).start()
