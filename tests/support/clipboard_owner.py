"""A program that has copied files, like a file browser: clipboard_owner.py FILE...

It says "ready" once it owns the clipboard, and runs until its stdin closes.
"""

import os
import sys
from urllib.parse import quote

import gi

# GTK reads the arguments when it is imported, and takes text only; names are bytes.
FILES = sys.argv[1:]
del sys.argv[1:]

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, GLib, Gtk  # noqa: E402  (the versions come first)


def main():
    uris = ["file://" + quote(os.fsencode(os.path.abspath(file))) for file in FILES]
    owner = Gtk.Invisible()
    owner.realize()
    owner.connect("selection-get", lambda _owner, chosen, *_: chosen.set_uris(uris))
    Gtk.selection_add_target(owner, Gdk.SELECTION_CLIPBOARD, Gdk.Atom.intern("text/uri-list", False), 0)
    owned = Gtk.selection_owner_set(owner, Gdk.SELECTION_CLIPBOARD, Gdk.CURRENT_TIME)
    print("ready" if owned else "refused", flush=True)
    GLib.io_add_watch(sys.stdin, GLib.IO_HUP | GLib.IO_IN, lambda *_: Gtk.main_quit())
    Gtk.main()


main()
