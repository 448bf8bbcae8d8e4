/** What one can do with a finished film. */
import type { IconName } from "../shared/icons";
import { words } from "../shared/words";

export type ChoiceName = "play" | "rename" | "show" | "copy_link" | "copy_digest" | "trash";

export interface Choice {
  name: ChoiceName;
  label: string;
  icon: IconName;
  keys?: string;
}

const say = words.library;

const all: readonly Choice[] = [
  { name: "play", label: say.play, icon: "play", keys: "Enter" },
  { name: "rename", label: say.rename, icon: "rename", keys: "F2" },
  { name: "show", label: say.show, icon: "folder" },
  { name: "copy_link", label: words.actions.copy_link, icon: "link" },
  { name: "copy_digest", label: say.copy, icon: "copy" },
  { name: "trash", label: say.remove, icon: "trash", keys: "Del" },
];

const withoutLink = all.filter(({ name }) => name !== "copy_link");

/** Links are offered where the destination gives them out. */
export function choicesFor(linkable: boolean): readonly Choice[] {
  return linkable ? all : withoutLink;
}

/** The keys of the same, on a film that has the focus. */
export function choiceOfKey(key: string): ChoiceName | null {
  switch (key) {
    case "Enter":
    case " ":
      return "play";
    case "F2":
      return "rename";
    case "Delete":
      return "trash";
    default:
      return null;
  }
}
