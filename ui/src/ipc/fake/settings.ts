/** The settings of the fake program. */
import type { SettingChange, SettingsView } from "../bindings";

export const usualSettings: SettingsView = { parallel: 8, theme: "system", autostart: false, keep_awake: false };

export function changed(settings: SettingsView, change: SettingChange): SettingsView {
  switch (change.is) {
    case "parallel":
      return { ...settings, parallel: change.count };
    case "theme":
      return { ...settings, theme: change.theme };
    case "autostart":
      return { ...settings, autostart: change.on };
    case "keep_awake":
      return { ...settings, keep_awake: change.on };
  }
}
