//! What the server counts, for Prometheus. Labels are of fixed words (a route's template, an outcome): no name of an owner
//! or a film is in any, and nobody can make more of them by asking.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// From a range that is in memory to a chunk over a bad link, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10.0, 30.0, 120.0, 600.0];

/// A request that was answered.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct Answered {
    pub(super) method: &'static str,
    pub(super) route: String,
    pub(super) status: u16,
}

/// A route.
#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
pub(super) struct Route {
    pub(super) route: String,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Ended {
    outcome: &'static str,
}

/// The counts of one server.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    pub(super) requests: Family<Answered, Counter>,
    pub(super) durations: Family<Route, Histogram>,
    pub(super) sent: Family<Route, Counter>,
    pub(super) throttled: Counter,
    chunks: Family<Ended, Counter>,
    chunk_bytes: Family<Ended, Counter>,
    uploads: Gauge,
    free: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("pawl"),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            sent: Family::default(),
            throttled: Counter::default(),
            chunks: Family::default(),
            chunk_bytes: Family::default(),
            uploads: Gauge::default(),
            free: Gauge::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("requests", "Requests that were answered", self.requests.clone());
        let what = "Time from a request's head to its answer's head, a chunk's body included";
        registry.register_with_unit("request_duration", what, Unit::Seconds, self.durations.clone());
        registry.register_with_unit("sent", "What was sent in the bodies of answers", Unit::Bytes, self.sent.clone());
        registry.register("throttled", "Requests that came too soon after others", self.throttled.clone());
        registry.register("chunks", "Chunks that were sent here, by what became of them", self.chunks.clone());
        let what = "Bytes of chunks that were sent here, by what became of them";
        registry.register_with_unit("chunk", what, Unit::Bytes, self.chunk_bytes.clone());
        registry.register("uploads_open", "Uploads that are unfinished", self.uploads.clone());
        registry.register_with_unit("disk_free", "What the vault's disk has free", Unit::Bytes, self.free.clone());
    }

    /// A chunk has come to its end, whatever that was.
    pub(super) fn chunk(&self, outcome: &'static str, bytes: u64) {
        self.chunks.get_or_create(&Ended { outcome }).inc();
        self.chunk_bytes.get_or_create(&Ended { outcome }).inc_by(bytes);
    }

    /// All of it as text (OpenMetrics 1.0.0), with what is measured at the moment of asking.
    pub(super) fn told(&self, uploads: usize, free: Option<u64>) -> String {
        self.uploads.set(uploads.try_into().unwrap_or(i64::MAX));
        self.free.set(free.map_or(-1, |free| free.try_into().unwrap_or(i64::MAX)));
        let mut text = String::new();
        // A string takes everything.
        encode(&mut text, &self.registry).unwrap_or_default();
        text
    }
}
