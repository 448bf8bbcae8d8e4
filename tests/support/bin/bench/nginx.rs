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
    /// Gives out `files`; what it writes goes to `folder`. A page of it gets a clock of microseconds, not milliseconds:
    /// that is for pages which share their process with no other origin.
    pub(crate) fn start(files: &Path, folder: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let (files, root, conf) = (files.display(), folder.display(), folder.join("nginx.conf"));
        fs::write(
            &conf,
            format!(
                "daemon off; worker_processes auto; pid {root}/nginx.pid; error_log {root}/nginx.log;\n\
                 events {{ worker_connections 1024; }}\n\
                 http {{ access_log off; sendfile on; tcp_nopush off; tcp_nodelay on; keepalive_requests 100000000;\n\
                 types {{ text/html html; text/javascript js; text/css css; }}\n\
                 add_header Cross-Origin-Opener-Policy same-origin;\n\
                 add_header Cross-Origin-Embedder-Policy require-corp;\n\
                 server {{ listen 127.0.0.1:{port}; root {files}; }} }}\n"
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
