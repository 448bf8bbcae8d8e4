//! A private nginx on loopback, as well set up as we know how.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

/// It is ended when it is dropped.
pub(crate) struct Nginx {
    child: Child,
    pub(crate) url: String,
}

impl Nginx {
    /// Takes files by PUT into `files`; what else it writes goes to `folder`.
    pub(crate) fn taking(files: &Path, folder: &Path) -> Result<Self> {
        let (files, root) = (files.display(), folder.display());
        // A body is written once, beside where it will be.
        let taking = format!("dav_methods PUT; client_max_body_size 0; client_body_temp_path {root}/bodies;");
        Self::run(&format!("root {files}; {taking}"), folder)
    }

    /// Gives out `files`; what it writes goes to `folder`. A page of it gets a clock of microseconds, not milliseconds:
    /// that is for pages which share their process with no other origin.
    pub(crate) fn start(files: &Path, folder: &Path) -> Result<Self> {
        let headers = "add_header Cross-Origin-Opener-Policy same-origin; add_header Cross-Origin-Embedder-Policy \
                       require-corp;";
        Self::run(&format!("root {}; {headers}", files.display()), folder)
    }

    fn run(server: &str, folder: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let (root, conf) = (folder.display(), folder.join("nginx.conf"));
        fs::write(
            &conf,
            format!(
                "daemon off; worker_processes auto; pid {root}/nginx.pid; error_log {root}/nginx.log;\n\
                 events {{ worker_connections 1024; }}\n\
                 http {{ access_log off; sendfile on; tcp_nopush off; tcp_nodelay on; keepalive_requests 100000000;\n\
                 types {{ text/html html; text/javascript js; text/css css; }}\n\
                 server {{ listen 127.0.0.1:{port}; {server} }} }}\n"
            ),
        )?;
        let mut nginx = Command::new("nginx");
        nginx.arg("-c").arg(&conf).args(["-g", "user root;"]).stdin(Stdio::null());
        let nginx = Self {
            child: nginx.spawn().context("nginx comes from .ci/setup bench")?,
            url: format!("http://127.0.0.1:{port}"),
        };
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(nginx);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(anyhow!("nginx does not answer"))
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end with it when it is asked, not when it is killed.
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).ok();
        self.child.wait().ok();
    }
}
