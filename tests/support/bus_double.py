"""A desktop's services on the session bus, as doubles: notifications and the tray's watcher.

It says what it is asked, a line of JSON each: {"ready": true}, {"notify": [title, body, [actions]]},
{"tray": name of the item's owner}, {"tooltip": text}. It runs until its stdin closes.
"""

import json
import sys

from gi.repository import Gio, GLib

XML = """<node>
<interface name="org.freedesktop.Notifications">
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
</interface>
<interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
</interface>
</node>"""
PLACES = {
    "org.freedesktop.Notifications": "/org/freedesktop/Notifications",
    "org.kde.StatusNotifierWatcher": "/StatusNotifierWatcher",
}
shown = 0


def say(**what):
    print(json.dumps(what), flush=True)


def called(bus, sender, _path, _interface, method, arguments, invocation):
    global shown
    if method == "Notify":
        _, _, _, title, body, actions, _, _ = arguments.unpack()
        shown += 1
        invocation.return_value(GLib.Variant("(u)", (shown,)))
        say(notify=[title, body, actions])
    else:
        invocation.return_value(None)
        say(tray=sender)
        ask_tooltip(bus, sender)


def ask_tooltip(bus, owner):
    def answered(bus, result):
        say(tooltip=bus.call_finish(result).unpack()[0][3])

    ask = GLib.Variant("(ss)", ("org.kde.StatusNotifierItem", "ToolTip"))
    properties = "org.freedesktop.DBus.Properties"
    bus.call(owner, "/StatusNotifierItem", properties, "Get", ask, None, Gio.DBusCallFlags.NONE, -1, None, answered)


def main():
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    node = Gio.DBusNodeInfo.new_for_xml(XML)
    for name in sys.argv[1:]:
        read = lambda *_: GLib.Variant("b", True)
        bus.register_object(PLACES[name], node.lookup_interface(name), called, read, None)
        ask = GLib.Variant("(su)", (name, 4))
        place = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
        bus.call_sync(*place, "RequestName", ask, None, Gio.DBusCallFlags.NONE, -1, None)
    say(ready=True)
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin, GLib.IO_HUP | GLib.IO_IN, lambda *_: loop.quit())
    loop.run()


main()
