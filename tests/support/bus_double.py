"""A desktop's services on the session bus, as doubles: notifications, the tray, staying awake, the file manager.

It says what it is asked, a line of JSON each: {"ready": true}, {"notify": [title, body, [actions], id]},
{"tray": name of the item's owner}, {"tooltip": text}, {"menu": [[label, enabled]]}, {"inhibit": [who, why, cookie]},
{"uninhibit": cookie}, {"shown": [addresses]}. It does what it is told, a line each: {"press": [id, action]},
{"click": label}, {"look": true}, which asks for tooltip and menu. It runs until its stdin closes.
"""

import json
import sys
import threading

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
<interface name="org.freedesktop.PowerManagement.Inhibit">
  <method name="Inhibit">
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="UnInhibit"><arg type="u" direction="in"/></method>
</interface>
<interface name="org.freedesktop.FileManager1">
  <method name="ShowItems"><arg type="as" direction="in"/><arg type="s" direction="in"/></method>
</interface>
</node>"""
PLACES = {
    "org.freedesktop.Notifications": ("/org/freedesktop/Notifications", "org.freedesktop.Notifications"),
    "org.kde.StatusNotifierWatcher": ("/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher"),
    "org.freedesktop.PowerManagement": (
        "/org/freedesktop/PowerManagement/Inhibit",
        "org.freedesktop.PowerManagement.Inhibit",
    ),
    "org.freedesktop.FileManager1": ("/org/freedesktop/FileManager1", "org.freedesktop.FileManager1"),
}
PROPERTIES = "org.freedesktop.DBus.Properties"
MENU = "com.canonical.dbusmenu"
state = {"number": 0, "tray": None}


def say(**what):
    print(json.dumps(what), flush=True)


def called(bus, sender, _path, _interface, method, arguments, invocation):
    state["number"] += 1
    number = state["number"]
    given = arguments.unpack()
    answer = GLib.Variant("(u)", (number,)) if method in ("Notify", "Inhibit") else None
    invocation.return_value(answer)
    if method == "Notify":
        say(notify=[given[3], given[4], given[5], number])
    elif method == "Inhibit":
        say(inhibit=[*given, number])
    elif method == "UnInhibit":
        say(uninhibit=given[0])
    elif method == "ShowItems":
        say(shown=given[0])
    else:
        state["tray"] = sender
        say(tray=sender)
        ask_tooltip(bus)


def ask(bus, path, interface, method, arguments, then):
    # An item that is just going away answers nothing, and there is nothing to say of it.
    def answered(bus, result):
        try:
            then(bus.call_finish(result).unpack())
        except GLib.Error:
            pass

    bus.call(state["tray"], path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, -1, None, answered)


def ask_tooltip(bus):
    which = GLib.Variant("(ss)", ("org.kde.StatusNotifierItem", "ToolTip"))
    ask(bus, "/StatusNotifierItem", PROPERTIES, "Get", which, lambda answer: say(tooltip=answer[0][3]))


def with_menu(bus, then):
    def laid_out(answer):
        _revision, (_root, _properties, children) = answer
        then([(item, properties) for item, properties, _ in children])

    ask(bus, "/MenuBar", MENU, "GetLayout", GLib.Variant("(iias)", (0, -1, [])), laid_out)


def click(bus, label):
    def found(items):
        for item, properties in items:
            if properties.get("label") == label:
                event = GLib.Variant("(isvu)", (item, "clicked", GLib.Variant("i", 0), 0))
                ask(bus, "/MenuBar", MENU, "Event", event, lambda _: say(clicked=label))

    with_menu(bus, found)


def look(bus):
    ask_tooltip(bus)
    with_menu(bus, lambda items: say(menu=[[it.get("label"), it.get("enabled", True)] for _, it in items]))


def obey(bus, told):
    if "press" in told:
        path, interface = PLACES["org.freedesktop.Notifications"]
        pressed = GLib.Variant("(us)", tuple(told["press"]))
        bus.emit_signal(None, path, interface, "ActionInvoked", pressed)
    elif "click" in told:
        click(bus, told["click"])
    else:
        look(bus)


def listen(bus, loop):
    for line in sys.stdin:
        GLib.idle_add(obey, bus, json.loads(line))
    GLib.idle_add(loop.quit)


def main():
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    node = Gio.DBusNodeInfo.new_for_xml(XML)
    for name in sys.argv[1:]:
        read = lambda *_: GLib.Variant("b", True)
        path, interface = PLACES[name]
        bus.register_object(path, node.lookup_interface(interface), called, read, None)
        ask_name = GLib.Variant("(su)", (name, 4))
        place = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
        bus.call_sync(*place, "RequestName", ask_name, None, Gio.DBusCallFlags.NONE, -1, None)
    say(ready=True)
    loop = GLib.MainLoop()
    threading.Thread(target=listen, args=(bus, loop), daemon=True).start()
    loop.run()


main()
