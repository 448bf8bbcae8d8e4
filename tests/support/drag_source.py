"""A window from which files can be dragged, like a file browser's: drag_source.py X Y FILE...

It says what happens, a line each: "ready" once it can be grasped, "dragging" when the drag began, "ended" when the
button was let go and the other side answered. It runs until its stdin closes.
"""

import os
import sys
from urllib.parse import quote

import gi

# GTK reads the arguments when it is imported, and takes text only; names are bytes.
X, Y, *FILES = sys.argv[1:]
del sys.argv[1:]

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402  (the versions come first)

SIDE = 160


def say(word):
    print(word, flush=True)


def uris(files):
    # Names are bytes: what is no UTF-8 travels escaped like anything else (RFC 8089, section 2).
    return ["file://" + quote(os.fsencode(os.path.abspath(file))) for file in files]


def main():
    handle = Gtk.EventBox()
    handle.add(Gtk.Label(label=f"{len(FILES)} files"))
    handle.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
    handle.drag_source_add_uri_targets()
    handle.connect("drag-begin", lambda *_: say("dragging"))
    handle.connect("drag-data-get", lambda _handle, _context, chosen, *_: chosen.set_uris(uris(FILES)))
    handle.connect("drag-end", lambda *_: say("ended"))

    window = Gtk.Window(title="drag source", default_width=SIDE, default_height=SIDE)
    window.set_decorated(False)
    window.add(handle)
    window.move(int(X), int(Y))
    window.connect("map-event", lambda *_: say("ready"))
    window.show_all()

    GLib.io_add_watch(sys.stdin, GLib.IO_HUP | GLib.IO_IN, lambda *_: Gtk.main_quit())
    Gtk.main()


main()
