//! Asking servers over HTTP, as anybody's program would.

/// A client of its own. The workspace builds `reqwest` without a choice of cryptography, which the drivers make: without
/// one there is no client at all, not even for plain HTTP.
pub fn client() -> reqwest::Client {
    // Whoever was first has the say; it is the same everywhere.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
