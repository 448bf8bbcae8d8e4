//! End to end: the real app, in a real webview, with real files, drags and kills. One window at a time.

mod adding;

