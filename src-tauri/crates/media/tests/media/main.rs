//! Films as ffmpeg makes them, looked into: what ffprobe says of them must be what we say.

mod broken;
mod films;
mod posters;
mod probing;
